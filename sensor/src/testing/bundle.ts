import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Programs of this machine that a container of a test has, with the libraries they ask for. */
const PROGRAMS = ['/bin/sh', '/bin/cat', '/bin/sleep']
const FOLDERS = ['proc', 'dev', 'sys', 'tmp', 'etc']

/** An OCI bundle in a folder of its own, made of files of this machine. */
export class Bundle {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-bundle-'))

  /** The container runs `args` in the cgroup at `cgroup`, a path below the mount of cgroup v2. */
  constructor(cgroup: string, args: readonly string[]) {
    const root = join(this.folder, 'rootfs')
    for (const name of FOLDERS) mkdirSync(join(root, name), { recursive: true })
    for (const file of PROGRAMS.flatMap((program) => [program, ...librariesOf(program)])) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      copyFileSync(file, join(root, file))
    }
    writeFileSync(join(root, 'etc/hello'), 'hello\n')
    writeFileSync(join(this.folder, 'config.json'), JSON.stringify(configOf(cgroup, args)))
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function librariesOf(program: string): readonly string[] {
  const text = execFileSync('ldd', [program], { encoding: 'utf8' })
  return [...text.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)
}

const CAPABILITIES = ['CAP_KILL', 'CAP_NET_BIND_SERVICE']

function configOf(cgroupsPath: string, args: readonly string[]): object {
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args,
      env: ['PATH=/bin'],
      cwd: '/',
      capabilities: { bounding: CAPABILITIES, effective: CAPABILITIES, permitted: CAPABILITIES },
      noNewPrivileges: true,
    },
    root: { path: 'rootfs', readonly: true },
    hostname: 'box',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
    ],
    linux: {
      cgroupsPath,
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      maskedPaths: ['/proc/kcore'],
      readonlyPaths: ['/proc/sys'],
    },
  }
}
