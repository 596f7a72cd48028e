#!/usr/bin/env bash
# In: a Debian machine, root, with debootstrap. Out: ends with 0 if, in a bare Debian 12 with nothing but git and this
# machine's Node, a clone of what is committed here passes `npm start` and `npm test`. By hand, before a release.
#
#   scripts/check-fresh.sh [FOLDER]     the new root; else a temporary one, removed afterwards if all went well
#
# Mirror, keys, proxy and certificates are this machine's, as found.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
release=bookworm

((EUID == 0)) || { echo 'check-fresh.sh: must be root, for debootstrap and chroot' >&2; exit 1; }
grep -q "^VERSION_CODENAME=$release" /etc/os-release ||
  { echo "check-fresh.sh: takes this machine's apt sources over, so it must be a $release too" >&2; exit 1; }
command -v debootstrap > /dev/null || { echo 'check-fresh.sh: needs the package debootstrap' >&2; exit 1; }

given=${1:-}
root=${given:-$(mktemp -d)}
mkdir -p "$root"
mounts=(proc sys dev dev/pts dev/shm)
unmount() {
  local i
  for ((i = ${#mounts[@]} - 1; i >= 0; i--)); do
    ! mountpoint -q "$root/${mounts[i]}" || umount "$root/${mounts[i]}"
  done
}
trap unmount EXIT

# The first archive that this machine's apt reads Debian from, in either of the two formats.
mirror=$(cat /etc/apt/sources.list.d/*.sources 2> /dev/null | sed -n 's/^URIs: *\([^ ]*\).*/\1/p' | grep -m1 '/debian/*$' ||
  sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list | grep -m1 '/debian/*$')
debootstrap --variant=minbase --include=git,ca-certificates "$release" "$root" "$mirror"

for mount in "${mounts[@]}"; do
  mkdir -p "$root/$mount"
  mount --bind "/$mount" "$root/$mount"
done

# The machine's way to the outside.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
for file in /etc/apt/apt.conf.d/*proxy*; do [[ ! -e $file ]] || cp "$file" "$root/etc/apt/apt.conf.d/"; done
# Under a name of its own, which no package's trigger rebuilds.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/from-host.crt"
rm -f "$root/etc/apt/sources.list"
cp -aL /usr/share/keyrings/debian-* "$root/usr/share/keyrings/"
shopt -s nullglob
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
  # Debian's own archives only: other sources have keys of their own, and a user may not have them.
  if [[ -e $file ]] && grep -qE '/debian(-security)?/*( |$)' "$file"; then
    cp "$file" "$root/etc/apt/sources.list.d/host-${file##*/}"
  fi
done

# Node: the executable and npm, without the headers, which not every Node comes with.
npm_folder=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$root/usr/local/lib/node_modules"
cp -L "$(command -v node)" "$root/usr/local/bin/node"
cp -a "$npm_folder" "$root/usr/local/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
# Which registry, by which certificate; nothing else of this machine's settings, `nodedir` least of all.
registry=$(npm config get registry 2> /dev/null)

rm -rf "$root/quadrille"
git clone --quiet "$repository" "$root/quadrille"

inside() {
  chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true \
    NODE_EXTRA_CA_CERTS=/etc/ssl/from-host.crt "npm_config_registry=$registry" \
    ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
    bash -c "cd /quadrille && $1" < /dev/null
}
inside 'npm start'
inside 'npm test'
echo "check-fresh.sh: npm start and npm test both end with 0 in a bare $release"
unmount
trap - EXIT
[[ -n $given ]] || rm -rf --one-file-system "$root"
