/// nginx in front of a static site that knows no protocol: every request is checked by `auth_request` (forward-auth).
struct DemoNginx {
    let windows: DemoWindows
    /// Absolute path of nginx' own folder (`temp/` in it) and of the site.
    let folder: String
    let site: String
    let certificate: String
    let key: String
    /// Signed our own TLS certificate: checked by nginx before it believes an answer.
    let authority: String

    /// One process: it is a demo, and nothing is left behind when it is killed.
    var configuration: String {
        """
        daemon off;
        master_process off;
        pid \(folder)/nginx.pid;
        error_log stderr notice;
        events { worker_connections 256; }
        http {
            access_log off;
            default_type application/octet-stream;
            types { text/html html; text/css css; image/svg+xml svg; }
            charset utf-8;
            server_tokens off;
            absolute_redirect off;
            client_body_temp_path \(folder)/temp/body;
            proxy_temp_path \(folder)/temp/proxy;
            fastcgi_temp_path \(folder)/temp/fastcgi;
            uwsgi_temp_path \(folder)/temp/uwsgi;
            scgi_temp_path \(folder)/temp/scgi;
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate \(authority);
            proxy_ssl_name localhost;
            proxy_ssl_server_name on;
            proxy_http_version 1.1;
            server {
                listen 127.0.0.1:\(windows.ports.guardedWindow) ssl;
                ssl_certificate \(certificate);
                ssl_certificate_key \(key);
                ssl_protocols TLSv1.2 TLSv1.3;
                add_header X-Content-Type-Options nosniff always;
                add_header Referrer-Policy no-referrer always;
                add_header X-Frame-Options DENY always;

                location / {
                    auth_request /hallpass-check;
                    auth_request_set $hallpass_subject $upstream_http_x_hallpass_subject;
                    auth_request_set $hallpass_legal_person $upstream_http_x_hallpass_legal_person;
                    auth_request_set $hallpass_kind $upstream_http_x_hallpass_kind;
                    error_page 401 = @login;
                    error_page 403 /_hallpass/denied;
                    add_header Cache-Control no-store always;
                    ssi on;
                    root \(site);
                    index index.html;
                }
                location @login { return 303 /_hallpass/start?return_to=$request_uri; }
                location = /hallpass-check {
                    internal;
                    proxy_pass \(windows.issuer)/forward-auth/check;
                    proxy_pass_request_body off;
                    proxy_set_header Content-Length "";
        \(ownHeaders)
                }
                location /_hallpass/ {
                    proxy_pass \(windows.issuer)/forward-auth/window/;
                    client_max_body_size 0;
        \(ownHeaders)
                }
            }
        }

        """
    }

    /// What we tell hallpass about the site has a fixed value: whatever the browser sends in these fields is overwritten.
    private var ownHeaders: String {
        ["Host localhost:\(windows.ports.publicOrigin)", "X-Hallpass-Site \(windows.archiveOrigin)", "X-Forwarded-For \"\""]
            .map { "            proxy_set_header \($0);" }.joined(separator: "\n")
    }

    /// The site: a page that shows, by server-side include, whom the check named.
    static let page = """
        <!doctype html>
        <html lang="zh-Hans">
        <head><meta charset="utf-8"><title>档案查询</title>
        <style>body{font:16px/1.6 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}dt{color:#555}</style></head>
        <body>
        <h1>档案查询</h1>
        <p>本站是静态页面，由 nginx 通过统一认证平台把守。This site is static pages that nginx guards.</p>
        <dl>
        <dt>账号 Account</dt><dd id="subject"><!--#echo var="hallpass_subject" default="" --></dd>
        <dt>法人 Legal person</dt><dd id="legal-person"><!--#echo var="hallpass_legal_person" default="" --></dd>
        <dt>证书类别 Kind</dt><dd id="kind"><!--#echo var="hallpass_kind" default="" --></dd>
        </dl>
        <p><a href="/_hallpass/logout">退出 Log out</a></p>
        </body></html>

        """
}
