import Directory

/// Nothing that holds secrets prints itself: a service group, for one, logs its services as Swift describes them.
extension ServerConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "configuration of \(publicOrigin)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension ServerConfiguration.DirectorySync: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "sync with \(settings.url)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension ServerConfiguration.PlatformCA: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "platform CA \(certificatePath)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Services: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "services of \(configuration.publicOrigin)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Too long for a line of the log.
extension LoadedTrustList: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "trust list of \(files.count) files" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
