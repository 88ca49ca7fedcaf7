"""A real browser: Debian's Chromium, headless, each person's PKCS#12 in an NSS database of their own. Screenshots in .build/screenshots."""
import json
import os
import pathlib
import subprocess

import pytest
from playwright.sync_api import expect, sync_playwright

import hall

SCREENSHOTS = hall.ROOT / ".build" / "screenshots"
POLICY = pathlib.Path("/etc/chromium/policies/managed/hallpass-end-to-end.json")


def as_root(*command, **options):
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return subprocess.run([*prefix, *command], check=True, capture_output=True, **options)


@pytest.fixture(scope="module")
def choose_the_only_certificate(demo):
    """The browser's certificate picker cannot be clicked headless: a managed policy answers it (each profile holds one certificate)."""
    rule = json.dumps({"pattern": demo.certificate_origin, "filter": {}})
    as_root("mkdir", "-p", str(POLICY.parent))
    as_root("tee", str(POLICY), input=json.dumps({"AutoSelectCertificateForUrls": [rule]}).encode())
    yield
    as_root("rm", "-f", str(POLICY))


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def browse(demo, choose_the_only_certificate, tmp_path_factory):
    """browse(person) opens a browser whose only client certificate is that person's."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        contexts = []

        def open_browser(person, language="zh-CN"):
            home = tmp_path_factory.mktemp("home")
            database = f"sql:{home}/.pki/nssdb"
            (home / ".pki" / "nssdb").mkdir(parents=True)
            run("certutil", "-d", database, "-N", "--empty-password")
            run("certutil", "-d", database, "-A", "-t", "C,,", "-n", "hall", "-i", demo.tls_ca)
            if person:
                run("pk12util", "-d", database, "-i", str(hall.ROOT / person["pkcs12"]), "-W", person["pkcs12_password"])
            context = playwright.chromium.launch_persistent_context(
                str(home / "profile"), executable_path="/usr/bin/chromium", headless=True, env={**os.environ, "HOME": str(home)},
                locale=language, viewport={"width": 1200, "height": 900})
            contexts.append(context)
            page = context.pages[0] if context.pages else context.new_page()
            page.set_default_timeout(20_000)
            return page

        yield open_browser
        for context in contexts:
            context.close()


def shot(page, name):
    page.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=True)


def log_in(demo, page):
    page.goto(demo.issuer + "/login")
    page.locator('a[href*="/login/certificate"]').first.click()
    page.wait_for_url(demo.issuer + "/")


def test_the_main_job_in_a_browser(demo, browse):
    master = next(p for p in demo.people if p["kind"] == "master" and p["expect"] == "login" and len(p["windows"]) > 1 and p["pkcs12"])
    colleague = next(p for p in demo.people if p["kind"] == "sub" and p["expect"] == "not_registered" and p["pkcs12"]
                     and p["legal_person"]["uscc"] == master["legal_person"]["uscc"])
    oidc = next(w for w in demo.windows.values() if w["protocol"] == "oidc" and w["url"] and w["id"] in master["windows"])
    guarded = next(w for w in demo.windows.values() if w["protocol"] == "forward-auth" and w["id"] in master["windows"])

    page = browse(master)
    page.goto(demo.issuer + "/login")
    shot(page, "01-login")
    log_in(demo, page)
    shot(page, "02-workbench-master")
    expect(page.locator("#legal-person")).to_have_text(master["legal_person"]["name"])

    # Both windows with the one login: no page of ours asks anything on the way.
    page.locator(f"#window-{oidc['id']}").click()
    page.wait_for_url(oidc["url"].rstrip("/") + "/**")
    expect(page.locator("body")).to_contain_text(master["legal_person"]["name"])
    shot(page, "03-window-oidc")
    page.goto(demo.issuer + "/")
    page.locator(f"#window-{guarded['id']}").click()
    page.wait_for_url(guarded["url"].rstrip("/") + "/**")
    shot(page, "04-window-guarded")

    # Bind the colleague's certificate and grant it one window.
    page.goto(demo.issuer + "/console/certificates")
    page.locator("#bind textarea[name=certificate]").fill("not a certificate")
    page.locator("#bind button").click()
    expect(page.locator(".problem")).to_be_visible()
    expect(page.locator("#bind textarea[name=certificate]")).to_have_value("not a certificate")
    shot(page, "05-bind-refused")
    bound_before = set(ids(page))
    page.locator("#bind textarea[name=certificate]").fill((hall.ROOT / colleague["certificate"]).read_text())
    page.locator("#bind button").click()
    page.wait_for_url(demo.issuer + "/console/certificates")
    (bound,) = set(ids(page)) - bound_before
    account = account_of(page, bound)
    form = page.locator(f"#give-{account}")
    form.locator("select[name=window]").select_option(oidc["id"])
    form.locator("textarea[name=parameters]").fill("limit=50000")
    form.locator("button").click()
    expect(page.locator(f"#{bound} .grants")).to_contain_text(oidc["name"])
    shot(page, "06-granted")

    # The colleague sees and enters only that window (and those open to everyone).
    sub = browse(colleague)
    log_in(demo, sub)
    shot(sub, "07-workbench-sub")
    seen = {link.get_attribute("id").removeprefix("window-") for link in sub.locator(".window").all()}
    assert seen & demo.windows.keys() == {oidc["id"]} | {id for id, w in demo.windows.items() if w["entry"] == "everyone"}
    sub.locator(f"#window-{oidc['id']}").click()
    sub.wait_for_url(oidc["url"].rstrip("/") + "/**")
    shot(sub, "08-window-sub")
    sub.goto(guarded["url"])
    expect(sub.locator("body")).to_contain_text("window_not_permitted")
    shot(sub, "09-window-not-permitted")
    sub.goto(oidc["url"])

    # The master suspends; the colleague's open session is out at the next click, here and in the window.
    page.goto(demo.issuer + "/console/certificates")
    page.locator(f"#{bound} button[value=suspended]").click()
    expect(page.locator(f"#{bound} .standing")).not_to_have_text("有效")
    shot(page, "10-suspended")
    sub.goto(demo.issuer + "/")
    assert "/login" in sub.url
    shot(sub, "11-sub-is-out")
    sub.goto(oidc["url"])
    expect(sub.locator("body")).not_to_contain_text("50000")
    assert not sub.url.startswith(oidc["url"]) or sub.get_by_text(colleague["legal_person"]["name"]).count() == 0
    shot(sub, "12-window-after-suspension")
    sub.goto(demo.issuer + "/login")
    sub.locator('a[href*="/login/certificate"]').first.click()
    expect(sub.locator("body")).to_contain_text("certificate_suspended")
    shot(sub, "13-login-refused")


def ids(page):
    return [article.get_attribute("id") for article in page.locator("article.certificate").all()]


def account_of(page, bound):
    """The grant form of the certificate just bound: the one whose title is its subject."""
    subject = page.locator(f"#{bound} h3").inner_text().split(" ")[0]
    form = page.locator("form[id^=give-]", has=page.get_by_role("heading", name=subject, exact=False)).last
    return form.get_attribute("id").removeprefix("give-")


def test_refusals_are_pages_that_say_what_to_do_in_both_languages(demo, browse):
    revoked = demo.person(expect="certificate_revoked")  # Chromium offers no expired certificate
    for language, word in (("zh-CN", "吊销"), ("en-US", "revoked")):
        page = browse(revoked, language)
        page.goto(demo.certificate_origin + "/login/certificate?return_to=/")
        expect(page.locator("body")).to_contain_text("certificate_revoked")
        expect(page.locator("body")).to_contain_text(word)
        shot(page, f"20-revoked-{language}")


def test_an_administrator_works_with_a_password_session(demo, browse):
    admin = demo.description["admin"]
    page = browse(None)
    page.goto(demo.issuer + "/login")
    page.locator("input[name=username]").fill(admin["uid"])
    page.locator("input[name=password]").fill(admin["password"])
    page.locator("form:has(input[name=password]) button").click()
    page.wait_for_url(demo.issuer + "/")
    shot(page, "30-workbench-administrator")
    page.goto(demo.issuer + "/console/legal-persons")
    expect(page.locator("table tbody tr").first).to_be_visible()
    shot(page, "31-legal-persons")
    page.locator("table tbody tr a").first.click()
    shot(page, "32-legal-person")
    page.goto(demo.issuer + "/console/master-requests")
    shot(page, "33-master-requests")
    page.goto(demo.issuer + "/console/accounts")
    shot(page, "34-accounts")
