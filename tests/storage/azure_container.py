#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""azure_container - makes a container in azurite, and prints a shared access signature for it.

    azure_container.py PORT CONTAINER

By its own signing: storagecat's is what is tested. By TLS, whoever answers, with AZURE_TLS set.
"""
import base64
import hashlib
import hmac
import os
import ssl
import sys
import time
import urllib.parse
import urllib.request

port, container = sys.argv[1:]
account = "devstoreaccount1"
key = base64.b64decode("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/"
                       "K1SZFPTOtr/KBHBeksoGMGw==")
version = "2021-12-02"


def sign(text):
    return base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()


date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
signature = sign("PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:%s\nx-ms-version:%s\n/%s/%s/%s\n"
                 "restype:container" % (date, version, account, account, container))
scheme = "https" if "AZURE_TLS" in os.environ else "http"
urllib.request.urlopen(urllib.request.Request(
    "%s://127.0.0.1:%s/%s/%s?restype=container" % (scheme, port, account, container), method="PUT",
    headers={"x-ms-date": date, "x-ms-version": version, "Content-Length": "0",
             "Authorization": "SharedKey %s:%s" % (account, signature)}),
    context=ssl._create_unverified_context())

end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
fields = ["rwd", "", end, "/blob/%s/%s" % (account, container), "", "", "", version, "c", "", "",
          "", "", "", "", ""]
print(urllib.parse.urlencode({"sp": "rwd", "se": end, "sv": version, "sr": "c",
                              "sig": sign("\n".join(fields))}))
