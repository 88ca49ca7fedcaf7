"""RFC 5280 §6.1 by the letter, on small meshes: every simple path is enumerated and judged by itself. Slow and plain on purpose, and with
nothing in common with the verifier under test: it never sees DER, and keeps §6.1's valid_policy_tree as a tree."""
from dataclasses import dataclass, field

ANY = "2.5.29.32.0"


@dataclass
class Facts:
    """What a certificate says. `subject` and `issuer` are numbers of CAs; the leaf's subject is None."""
    subject: int | None
    issuer: int
    name: tuple = ()
    self_issued: bool = False
    signed: bool = True
    current: bool = True
    ca: bool = True
    cert_sign: bool = True
    path: int | None = None
    purposes: set | None = None
    hosts: list = field(default_factory=list)
    permitted_hosts: list | None = None
    excluded_hosts: list = field(default_factory=list)
    permitted_organizations: list | None = None
    excluded_organizations: list = field(default_factory=list)
    policies: list | None = None
    mappings: list = field(default_factory=list)
    explicit: int | None = None
    mapping: int | None = None
    inhibit_any: int | None = None
    revoked: bool = False
    status_known: bool = True


@dataclass
class Question:
    purpose: str | None
    policies: set | None = None
    explicit: bool = False
    no_mapping: bool = False
    no_any: bool = False
    depth: int | None = None
    lax: bool = False
    revocation: bool = False


class Node:
    """A node of the valid_policy_tree."""

    def __init__(self, valid, expected, parent):
        self.valid, self.expected, self.parent, self.children = valid, set(expected), parent, []
        if parent:
            parent.children.append(self)

    def remove(self):
        self.parent.children.remove(self)


class Tree:
    def __init__(self):
        self.root = Node(ANY, {ANY}, None)
        self.depth = 0

    @property
    def null(self):
        return self.root is None

    def level(self, depth):
        nodes = [] if self.null else [self.root]
        for _ in range(depth):
            nodes = [child for node in nodes for child in node.children]
        return nodes

    def prune(self):
        """Deletes nodes without children above the current depth, until there are none."""
        for depth in range(self.depth - 1, 0, -1):
            for node in self.level(depth):
                if not node.children:
                    node.remove()
        if not self.null and self.depth and not self.root.children:
            self.root = None


def process_policies(tree, facts, may_be_any):
    """§6.1.3 (d), (e)."""
    if facts.policies is None:
        tree.root = None
        return
    if tree.null:
        return
    above = tree.level(tree.depth)
    for policy in facts.policies:
        if policy == ANY:
            continue
        matching = [node for node in above if policy in node.expected]
        if not matching:
            matching = [node for node in above if node.valid == ANY][:1]
        for node in matching:
            Node(policy, {policy}, node)
    if ANY in facts.policies and may_be_any:
        for node in above:
            for value in sorted(node.expected - {child.valid for child in node.children}):
                Node(value, {value}, node)
    tree.depth += 1
    tree.prune()


def map_policies(tree, facts, is_allowed):
    """§6.1.4 (b)."""
    for policy in {issuer for issuer, _ in facts.mappings}:
        targets = {subject for issuer, subject in facts.mappings if issuer == policy}
        nodes = [node for node in tree.level(tree.depth) if node.valid == policy]
        if is_allowed:
            for node in nodes:
                node.expected = set(targets)
            if not nodes:
                for any_node in [node for node in tree.level(tree.depth) if node.valid == ANY][:1]:
                    Node(policy, targets, any_node.parent)
        else:
            for node in nodes:
                node.remove()
            tree.prune()


def conclude_policies(tree, wanted):
    """§6.1.5 (g); the user-constrained-policy-set."""
    if tree.null:
        return set()
    tops = [node for depth in range(1, tree.depth + 1) for node in tree.level(depth) if node.parent.valid == ANY]
    if wanted is not None:
        for node in tops:
            if node.valid != ANY and node.valid not in wanted:
                node.remove()
        last = [node for node in tree.level(tree.depth) if node.valid == ANY]
        if last:
            present = {node.valid for node in tops if node.valid in wanted}
            for policy in wanted - present:
                Node(policy, {policy}, last[0].parent)
            last[0].remove()
        tree.prune()
    if tree.null:
        return set()
    return {node.valid for depth in range(1, tree.depth + 1) for node in tree.level(depth)
            if node.parent.valid == ANY and (node.valid != ANY or depth == tree.depth)}


def host_within(host, base):
    return host == base or host.endswith("." + base)


class Names:
    """permitted_subtrees as one list for each certificate that had them; excluded_subtrees as one union."""

    def __init__(self):
        self.hosts, self.organizations, self.bad_hosts, self.bad_organizations = [], [], [], []

    def add(self, facts):
        if facts.permitted_hosts is not None:
            self.hosts.append(facts.permitted_hosts)
        if facts.permitted_organizations is not None:
            self.organizations.append(facts.permitted_organizations)
        self.bad_hosts += facts.excluded_hosts
        self.bad_organizations += facts.excluded_organizations

    def allow(self, facts):
        for host in facts.hosts:
            if not all(any(host_within(host, base) for base in bases) for bases in self.hosts):
                return False
            if any(host_within(host, base) for base in self.bad_hosts):
                return False
        organization = facts.name[0]
        return all(organization in bases for bases in self.organizations) and organization not in self.bad_organizations


def validate(anchor, certificates, question):
    """One path, the leaf last. None, or the user-constrained-policy-set."""
    count = len(certificates)
    tree, names = Tree(), Names()
    wanted = question.policies
    explicit = 0 if question.explicit else count + 1
    mapping = 0 if question.no_mapping else count + 1
    inhibit = 0 if question.no_any else count + 1
    length, depth, purposes = count, 0, None
    if not question.lax:
        # RFC 5937 §3: the anchor's own constraints become initial values.
        if not (anchor.current and anchor.ca and anchor.cert_sign):
            return None
        names.add(anchor)
        length = count if anchor.path is None else min(count, anchor.path)
        purposes = anchor.purposes
        if anchor.policies is not None and ANY not in anchor.policies:
            wanted = set(anchor.policies) if wanted is None else wanted & set(anchor.policies)
        explicit = 0 if anchor.explicit == 0 else explicit
        mapping = 0 if anchor.mapping == 0 else mapping
        inhibit = 0 if anchor.inhibit_any == 0 else inhibit
    for number, facts in enumerate(certificates, 1):
        last = number == count
        if not (facts.signed and facts.current):
            return None
        if question.revocation and (facts.revoked or not facts.status_known):
            return None
        if (last or not facts.self_issued) and not names.allow(facts):
            return None
        process_policies(tree, facts, inhibit > 0 or (not last and facts.self_issued))
        if explicit == 0 and tree.null:
            return None
        if facts.purposes is not None:
            purposes = facts.purposes if purposes is None else purposes & facts.purposes
        if last:
            break
        if any(ANY in pair for pair in facts.mappings):
            return None
        map_policies(tree, facts, mapping > 0)
        names.add(facts)
        if not facts.self_issued:
            explicit, mapping, inhibit = max(explicit - 1, 0), max(mapping - 1, 0), max(inhibit - 1, 0)
        explicit = explicit if facts.explicit is None else min(explicit, facts.explicit)
        mapping = mapping if facts.mapping is None else min(mapping, facts.mapping)
        inhibit = inhibit if facts.inhibit_any is None else min(inhibit, facts.inhibit_any)
        if not facts.ca or not facts.cert_sign:
            return None
        if not facts.self_issued:
            if length <= 0:
                return None
            length -= 1
            depth += 1
        length = length if facts.path is None else min(length, facts.path)
    explicit = max(explicit - 1, 0)
    if certificates[-1].explicit == 0:
        explicit = 0
    found = conclude_policies(tree, wanted)
    if explicit == 0 and not found:
        return None
    if question.purpose and purposes is not None and question.purpose not in purposes:
        return None
    if question.depth is not None and depth > question.depth:
        return None
    return found


def paths(anchors, pool, leaf):
    """Every path from an anchor to the leaf that passes no CA twice: (anchor, certificates)."""
    def extend(ca, passed, so_far):
        if leaf.issuer == ca:
            yield [*so_far, leaf]
        for facts in pool:
            if facts.issuer == ca and facts.subject not in passed:
                yield from extend(facts.subject, passed | {facts.subject}, [*so_far, facts])
    for anchor in anchors:
        for certificates in extend(anchor.subject, {anchor.subject}, []):
            yield anchor, certificates


def judged(mesh):
    """Every valid path of a mesh, as fingerprints leaf first, with its user-constrained-policy-set."""
    valid = {}
    for anchor, certificates in paths(mesh.anchors, mesh.pool, mesh.leaf):
        policies = validate(anchor, certificates, mesh.question)
        if policies is not None:
            valid[tuple(mesh.made[id(one)].sha256 for one in [*reversed(certificates), anchor])] = policies
    return valid
