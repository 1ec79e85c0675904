#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fake_credentials - the endpoints that hand out credentials, each strict about what it is asked.

    fake_credentials.py PORT-FILE LOG DIRECTORY

DIRECTORY has what they compare with: web-token, container-token, account.pub (the public key of a
service account), azure-token, lifetime (seconds for which the credentials are good), status (of the
first, second, ... line of the LOG, the last one also of all that follow; what is not 200 is
refused). Where there are aws-secret, aws-session and token, these are handed out. A request that the real endpoint would refuse gets a 400 that says what was wrong. Each request is a line of the LOG: method and path, and what was wrong with it.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

port_file, log_path, directory = sys.argv[1:]
log = open(log_path, "a", buffering=1)


def setting(name):
    with open(os.path.join(directory, name)) as file:
        return file.read().strip()


def told_status():
    told = setting("status").split()
    with open(log_path) as lines:
        return int(told[min(len(lines.readlines()), len(told) - 1)])


def expires():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + int(setting("lifetime"))))


def optional(name, usual):
    path = os.path.join(directory, name)
    return setting(name) if os.path.exists(path) else usual


def aws_secret():
    return optional("aws-secret", "testsecret")


def aws_session():
    return optional("aws-session", "the-session")


def aws_key():
    return {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "testkey",
            "SecretAccessKey": aws_secret(), "Token": aws_session(), "Expiration": expires()}


def token(text=None):
    text = text or optional("token", "the-token")
    return {"access_token": text, "expires_in": int(setting("lifetime")),
            "token_type": "Bearer"}


class Wrong(Exception):
    """What the real endpoint would not have taken."""


def must(condition, why):
    if not condition:
        raise Wrong(why)


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify_claim(assertion, audience):
    head, claim, signature = assertion.split(".")
    signed = os.path.join(directory, "signature")
    with open(signed, "wb") as file:
        file.write(decode(signature))
    done = subprocess.run(["openssl", "dgst", "-sha256", "-verify",
                           os.path.join(directory, "account.pub"), "-signature", signed],
                          input=("%s.%s" % (head, claim)).encode(), capture_output=True)
    must(done.returncode == 0, "the signature of the claim")
    must(json.loads(decode(head)) == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}, "its header")
    claim = json.loads(decode(claim))
    must(claim["iss"] == "me@project.iam.gserviceaccount.com", "who claims")
    must(claim["aud"] == audience, "its audience")
    must("devstorage" in claim["scope"], "its scope")
    must(abs(claim["iat"] - time.time()) < 60 and claim["exp"] - claim["iat"] <= 3600, "its time")


def hmac_of(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def verify_signature(request, method, body):
    """Signature Version 4 of sts, by the key of the profile `base`."""
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=basekey/((\d{8})/us-east-1/sts/aws4_request), "
                         r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
                         request.headers.get("Authorization", ""))
    must(found, "who signs: %s" % request.headers.get("Authorization"))
    scope, day, names, signature = found.groups()
    must({"host", "x-amz-date"} <= set(names.split(";")), "what is signed")
    url = urllib.parse.urlsplit(request.path)
    lines = [method, url.path, url.query]
    lines += ["%s:%s" % (name, request.headers[name]) for name in names.split(";")]
    lines += ["", names, hashlib.sha256(body.encode()).hexdigest()]
    text = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope,
                      hashlib.sha256("\n".join(lines).encode()).hexdigest()])
    key = b"AWS4basesecret"
    for part in scope.split("/"):
        key = hmac_of(key, part)
    must(hmac_of(key, text).hex() == signature, "the signature")


class Handler(http.server.BaseHTTPRequestHandler):
    def form(self):
        must(self.headers.get("Content-Type") == "application/x-www-form-urlencoded",
             "the content type")
        self.sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        return dict(urllib.parse.parse_qsl(self.sent, strict_parsing=True))

    def sts(self):
        form = self.form()
        action = form["Action"]
        must(form.pop("RoleSessionName"), "no name of the session")
        if action == "AssumeRole":
            verify_signature(self, "POST", self.sent)
            known = {"Action": action, "Version": "2011-06-15", "RoleArn": "arn:aws:iam::1:role/r"}
            must(form in (known, dict(known, ExternalId="the-id", DurationSeconds="900")),
                 "the form: %s" % sorted(form))
        else:
            must("Authorization" not in self.headers, "signed, by a key that nobody has yet")
            must(form == {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                          "RoleArn": "arn:aws:iam::1:role/r",
                          "WebIdentityToken": setting("web-token")},
                 "the form: %s" % sorted(form))
        return ("<{0}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{0}Result>"
                "<Credentials><AccessKeyId>testkey</AccessKeyId><SecretAccessKey>{2}"
                "</SecretAccessKey><SessionToken>{3}</SessionToken><Expiration>{1}"
                "</Expiration></Credentials></{0}Result></{0}Response>".format(
                    action, expires(), aws_secret(), aws_session()))

    def container(self):
        must(self.headers.get("Authorization") == setting("container-token"), "the token")
        return aws_key()

    def imds_token(self):
        must(self.command == "PUT", "no PUT")
        must(1 <= int(self.headers["X-aws-ec2-metadata-token-ttl-seconds"]) <= 21600, "the ttl")
        return "imds-token"

    def imds_role(self):
        must(self.headers.get("X-aws-ec2-metadata-token") == "imds-token", "no token of version 2")
        return "the-role\n"

    def imds_key(self):
        must(self.headers.get("X-aws-ec2-metadata-token") == "imds-token", "no token of version 2")
        return aws_key()

    def google_metadata(self):
        must(self.headers.get("Metadata-Flavor") == "Google", "the flavor")
        return token()

    def google_token(self):
        form = self.form()
        address = "http://127.0.0.1:%d/google/token" % self.server.server_address[1]
        if form["grant_type"] == "refresh_token":
            must(form == {"grant_type": "refresh_token", "client_id": "id", "client_secret": "s+1",
                          "refresh_token": "r/2"}, "the form")
        else:
            must(form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer", "the grant")
            verify_claim(form["assertion"], address)
        return token()

    def google_exchange(self):
        form = self.form()
        scope = form.pop("scope")
        must(scope.endswith("/cloud-platform" if setting("is-account") else "/devstorage.read_write"),
             "the scope: %s" % scope)
        must(form == {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                      "audience": "//iam.googleapis.com/the-provider",
                      "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
                      "subject_token": setting("web-token"),
                      "subject_token_type": "urn:ietf:params:oauth:token-type:jwt"},
             "the form: %s" % sorted(form))
        return token("the-federated-token" if setting("is-account") else None)

    def google_account(self):
        must(self.headers.get("Authorization") == "Bearer the-federated-token", "who asks")
        must(self.headers.get("Content-Type") == "application/json", "the content type")
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        must(question == {"scope": ["https://www.googleapis.com/auth/devstorage.read_write"],
                          "lifetime": setting("is-account")}, "the question: %s" % question)
        return {"accessToken": optional("token", "the-token"), "expireTime": expires()}

    def other_provider(self):
        must(self.headers.get("Metadata") == "true", "the header Metadata")
        return {"subject": setting("web-token")}

    def azure_token(self):
        form = self.form()
        must(form.pop("client_id") == "client" and form.pop("grant_type") == "client_credentials"
             and form.pop("scope") == "https://storage.azure.com/.default", "the form")
        must(form in ({"client_secret": "sec&ret"},
                      {"client_assertion": setting("web-token"), "client_assertion_type":
                       "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}), "who it is")
        return token(setting("azure-token"))

    def azure_machine(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        must(self.headers.get("Metadata") == "true", "the header Metadata")
        must(query == {"api-version": ["2018-02-01"], "resource": ["https://storage.azure.com/"]},
             "the query: %s" % query)
        return dict(token(setting("azure-token")), expires_in=setting("lifetime"))

    def azure_service(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        must(self.headers.get("X-IDENTITY-HEADER") == "the-header", "the header")
        must(query == {"api-version": ["2019-08-01"], "resource": ["https://storage.azure.com/"]},
             "the query: %s" % query)
        return token(setting("azure-token"))

    routes = {
        ("POST", "/sts/"): sts, ("POST", "/sts"): sts,
        ("GET", "/container"): container,
        ("PUT", "/latest/api/token"): imds_token,
        ("GET", "/latest/meta-data/iam/security-credentials/"): imds_role,
        ("GET", "/latest/meta-data/iam/security-credentials/the-role"): imds_key,
        ("GET", "/computeMetadata/v1/instance/service-accounts/default/token"): google_metadata,
        ("POST", "/google/token"): google_token,
        ("POST", "/google/exchange"): google_exchange,
        ("POST", "/google/account:generateAccessToken"): google_account,
        ("GET", "/provider"): other_provider,
        ("POST", "/the-tenant/oauth2/v2.0/token"): azure_token,
        ("GET", "/metadata/identity/oauth2/token"): azure_machine,
        ("GET", "/azure/service"): azure_service,
    }

    def handle_request(self):
        status, path = 200, urllib.parse.urlsplit(self.path).path
        try:
            must((self.command, path) in self.routes, "nothing is at %s %s" % (self.command, path))
            answer = self.routes[self.command, path](self)
            status = told_status()
            must(status == 200, "refused, as it was told")
        except (Wrong, KeyError, ValueError) as wrong:
            status = status if status != 200 else 400
            answer = {"error": "invalid", "error_description": "wrong: %s" % wrong}
        log.write("%s %s %d %s\n" % (self.command, path, status, answer if status != 200 else ""))
        if isinstance(answer, dict):
            answer = json.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    do_GET = do_PUT = do_POST = handle_request

    def log_message(self, *arguments):
        """The LOG has it."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()
