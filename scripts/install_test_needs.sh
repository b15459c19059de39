#!/usr/bin/env bash
# What the tests need beside Python and Node: a browser, PostgreSQL, nginx, Dovecot, a telephone, a voice, fonts. Installed with apt when we may.
set -euo pipefail

missing=()
need() { # need PACKAGE: a Debian package, found by a file or a command it brings
    local package=$1
    shift
    for sign in "$@"; do
        if [[ -e $sign ]] || command -v "$sign" >/dev/null; then return; fi
    done
    missing+=("$package")
}

PATH=$PATH:/usr/sbin
postgres=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | head -n 1 || true)
need chromium chromium /usr/bin/chromium
need chromium-headless-shell /usr/bin/chromium-headless-shell
need postgresql initdb "${postgres:-none}"
need nginx-light nginx
need coturn turnserver
need dovecot-imapd /usr/lib/dovecot/imap
need kamailio kamailio
need kamailio-tls-modules "$(compgen -G "/usr/lib/*/kamailio/modules/tls.so" || echo none)"
need rtpengine-daemon rtpengine
need sip-tester sipp
need espeak-ng espeak-ng
need fonts-liberation /usr/share/fonts/truetype/liberation
need fonts-noto-color-emoji /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf
((${#missing[@]})) || exit 0

install="apt-get install --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
    echo "The tests need these (Debian's names): ${missing[*]}. Install them, then run make test again." >&2
    exit 1
elif [[ $(id -u) != 0 ]]; then
    echo "The tests need: ${missing[*]}. Install them with: sudo $install" >&2
    exit 1
fi

echo "Installing what the tests need: ${missing[*]} …"
export DEBIAN_FRONTEND=noninteractive
# Debian would start servers of its own; the tests start theirs.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
    trap 'rm -f $policy' EXIT
fi
apt-get update -qq
$install -qq -y
