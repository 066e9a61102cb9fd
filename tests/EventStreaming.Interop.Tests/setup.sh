#!/usr/bin/env bash
# Sets up the clients and the proxy that these tests run: nginx, Chromium, curl and Node.js as Debian has them, and packages of npm.
# What is there stays as it is, so that a second run does nothing. Installing needs root, or sudo without a password.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/clients"

# Debian keeps servers where only root's PATH looks.
PATH=$PATH:/usr/sbin

fail() {
    echo "tests/EventStreaming.Interop.Tests/setup.sh: $1" >&2
    exit 1
}

# Runs a command, and shows what it said only if it failed.
quietly() {
    local output
    output=$("$@" 2>&1) || { echo "$output" >&2; return 1; }
}

packages=()
need() {
    command -v "$1" >/dev/null || packages+=("$2")
}
need nginx nginx
need chromium chromium
need curl curl
need node nodejs
need npm npm

if ((${#packages[@]} > 0)); then
    missing="the tests need ${packages[*]}"
    command -v apt-get >/dev/null || fail "$missing, and there is no apt-get to install them with. Install them."
    as_root=()
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || fail "$missing. Install them as root: apt-get install --no-install-recommends ${packages[*]}"
        as_root=(sudo -n)
    fi

    echo "Installing ${packages[*]} …"
    # A machine that has no policy would start nginx, for everyone, because its package was installed.
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap '"${as_root[@]}" rm -f -- "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod +x "$policy"
    fi

    # Somebody else may be installing: wait for the lock. A list that cannot be brought up to date may still do.
    apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    "${apt[@]}" update || true
    quietly "${apt[@]}" install -y --no-install-recommends "${packages[@]}" || fail "$missing, and apt-get could not install them (see above)."
fi

# npm writes its own list last, so that what was interrupted is done again.
if [[ package-lock.json -nt node_modules/.package-lock.json ]]; then
    quietly npm ci || fail 'npm could not install the packages of clients/package-lock.json (see above).'
fi
