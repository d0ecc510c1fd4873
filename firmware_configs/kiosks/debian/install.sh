#!/usr/bin/env bash
# Makes a kiosk or a board of a fresh Debian 12 or Raspberry Pi OS (Bookworm or later), and brings one up to date.
# May be run again at any time. Beside it: root/ as rendered, for a kiosk also the wheel of the release, and
# requirements.lock of the same release if the packages are to be checked by hash.
set -euo pipefail

cd "$(dirname "$0")"
if [[ $EUID -ne 0 ]]; then
  echo "install.sh: run it as root" >&2
  exit 1
fi
is_kiosk() { [[ -f root/etc/kiosk/agent.env ]]; }
if [[ ! -f root/etc/kiosk/screen.env ]]; then
  echo "install.sh: root/etc/kiosk/screen.env is missing; write the files with: kiosk devices render" >&2
  exit 1
fi
shopt -s nullglob
wheels=(mot_cua_kiosk-*.whl)
if is_kiosk && [[ ${#wheels[@]} -gt 1 || ( ${#wheels[@]} -eq 0 && ! -x /opt/kiosk/bin/kiosk ) ]]; then
  echo "install.sh: put the wheel mot_cua_kiosk-….whl of the release, and only that one, beside this script" >&2
  exit 1
fi

echo "· Packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet
browser=chromium
if ! apt-cache show chromium >/dev/null 2>&1; then
  browser=chromium-browser
fi
apt-get install --yes --quiet --no-install-recommends \
  cage wlr-randr "$browser" fonts-dejavu-core python3-venv

echo "· Users"
for name in kiosk-screen $(is_kiosk && echo kiosk-agent); do
  if ! getent passwd "$name" >/dev/null; then
    useradd --system --user-group --home-dir "/var/lib/$name" --shell /usr/sbin/nologin "$name"
  fi
done

if is_kiosk && [[ ${#wheels[@]} -eq 1 ]]; then
  echo "· Program ${wheels[0]}"
  [[ -x /opt/kiosk/bin/pip ]] || python3 -m venv /opt/kiosk
  if [[ -f requirements.lock ]]; then
    /opt/kiosk/bin/pip install --quiet --require-hashes -r requirements.lock
    /opt/kiosk/bin/pip install --quiet --no-deps --force-reinstall "${wheels[0]}"
  else
    /opt/kiosk/bin/pip install --quiet "${wheels[0]}"
  fi
fi

echo "· Files"
while IFS= read -r -d '' file; do
  # By place, not by the mode it has here: a USB stick forgets modes.
  case $file in
    etc/kiosk/*) mode=0600 ;;
    usr/local/lib/kiosk/*) mode=0755 ;;
    *) mode=0644 ;;
  esac
  install -D -m "$mode" "root/$file" "/$file"
done < <(cd root && find . -type f -printf '%P\0')

# Raspberry Pi OS has called its browser chromium-browser, with policies of the same name.
if [[ $browser == chromium-browser ]]; then
  install -d /etc/chromium-browser/policies
  ln -sfn /etc/chromium/policies/managed /etc/chromium-browser/policies/managed
fi

if [[ -f config.txt && -f /boot/firmware/config.txt ]]; then
  echo "· /boot/firmware/config.txt"
  sed -i '/^# kiosk: begin$/,/^# kiosk: end$/d' /boot/firmware/config.txt
  cat config.txt >>/boot/firmware/config.txt
fi

echo "· Services"
systemctl daemon-reload
udevadm control --reload
udevadm trigger --subsystem-match=usb --subsystem-match=usbmisc --subsystem-match=tty --subsystem-match=input
systemctl set-default multi-user.target
systemctl mask --now sleep.target suspend.target hibernate.target hybrid-sleep.target
systemctl restart systemd-journald.service
if is_kiosk; then
  systemctl enable kiosk-agent.service
  systemctl restart kiosk-agent.service
fi
systemctl enable kiosk-screen.service kiosk-nightly.timer
systemctl restart kiosk-screen.service kiosk-nightly.timer
echo "Done. Restart the machine once, so that the hardware watchdog and the terminals take their settings."
