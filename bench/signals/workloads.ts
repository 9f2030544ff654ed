/**
 * What agents that write and run code do all day, as shell commands inside of an empty folder. None of them needs a
 * network, and none of them is an escape.
 */
export const WORKLOADS: Readonly<Record<string, string>> = {
  compiler: 'printf "int main(){return 0;}" >a.c && gcc -O2 a.c -o a && ./a',
  make: 'printf "int main(){return 0;}" >a.c && printf "a: a.c\\n\\tgcc a.c -o a\\n" >Makefile && make && ./a',
  git: 'git init -q one && cd one && git -c user.name=a -c user.email=a@b.test commit -q --allow-empty -m x && cd .. && git clone -q one two',
  npm: 'mkdir q p && cd q && echo \'{"name":"q","version":"1.0.0","scripts":{"postinstall":"node -e 1"}}\' >package.json && cd ../p && npm init -y >/dev/null && npm install --offline ../q >/dev/null 2>&1',
  python:
    "python3 -c \"import subprocess, tempfile, ssl, socket; subprocess.run(['true']); tempfile.NamedTemporaryFile().write(b'x')\"",
  'virtual environment': 'python3 -m venv --without-pip v && v/bin/python -c "print(1)"',
  node: "node -e \"require('node:child_process').execSync('true')\"",
  'archive and checksum':
    'echo x >f && tar czf f.tgz f && tar xzf f.tgz && sha256sum f && gzip -k f && find . -type f | xargs cat >/dev/null',
  'another user': 'su nobody -s /bin/sh -c id',
  debugger: 'strace -o /dev/null true || true',
  'bubblewrap sandbox': 'bwrap --ro-bind / / --dev /dev --proc /proc --unshare-all --die-with-parent true || true',
  'bubblewrap with few folders':
    'bwrap --ro-bind /usr /usr --symlink usr/lib64 /lib64 --symlink usr/lib /lib --symlink usr/bin /bin --proc /proc --dev /dev --tmpfs /tmp --unshare-user --uid 1000 ls / >/dev/null || true',
  'sandbox without users': 'bwrap --ro-bind / / --tmpfs /tmp true || true',
  'rootless unshare': 'unshare -r -m sh -c "mount -t tmpfs none /mnt && ls /mnt"',
  processes: 'ps aux >/dev/null 2>&1; ls /proc >/dev/null; cat /proc/self/status /proc/meminfo >/dev/null',
}
