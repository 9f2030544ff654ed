/*
 * Builds the sensor's native part into sensor/build/: vmlinux.h from the running kernel, one object for each
 * bpf/*.bpf.c, its skeleton, and one static binary of them and loader/*.c. Plain JavaScript for any Node from 18 on,
 * because set-up runs it before anything is installed. What is built runs on other kernels too (CO-RE).
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const build = join(here, 'build')
const BTF = '/sys/kernel/btf/vmlinux'
const FOUND_IN = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']

/** What the build calls and reads, each with the Debian package that brings it; looked for anew each time, as packages may come meanwhile. */
const NEEDED = [
  { package: 'clang', find: () => tool('clang') },
  { package: 'llvm', find: () => tool('llvm-strip') },
  { package: 'gcc', find: () => tool('gcc') },
  { package: 'bpftool', find: () => tool('bpftool') },
  { package: 'libbpf-dev', find: () => header('bpf/libbpf.h') },
  { package: 'libelf-dev', find: () => header('libelf.h') },
  { package: 'zlib1g-dev', find: () => header('zlib.h') },
  { package: 'libc6-dev', find: () => header('stdio.h') },
]

/** Debian packages that must be installed before `buildSensor` can work; empty where all are. */
export function missingPackages() {
  return NEEDED.filter(({ find }) => find() === undefined).map((need) => need.package)
}

/** Where the loader lies once it is built. */
export const loaderPath = join(build, 'holdfast-sensor-loader')

/** True where what is built is of today's sources. */
export function isBuilt() {
  const stamp = join(build, 'sources.sha256')
  return existsSync(loaderPath) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

/** Builds what is not of today's sources. Throws an Error that says what failed. */
export function buildSensor() {
  if (isBuilt()) return
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('the sensor is built for Linux on x86-64 only')
  const missing = missingPackages()
  if (missing.length > 0) throw new Error(`these Debian packages are missing: ${missing.join(' ')}`)
  if (!existsSync(BTF)) throw new Error(`the kernel gives no type information (${BTF})`)
  const print = fingerprint()
  // Two builds at once must not read each other's half-written files: each has a folder of its own.
  const work = join(build, `work-${process.pid}`)
  mkdirSync(work, { recursive: true })
  try {
    writeFileSync(join(work, 'vmlinux.h'), run('bpftool', ['btf', 'dump', 'file', BTF, 'format', 'c']))
    for (const source of sources('bpf', '.bpf.c')) buildObject(work, source)
    buildLoader(work)
    writeFileSync(join(work, 'sources.sha256'), print)
    // A loader that runs keeps its own file: the names are put on the new ones, the stamp last.
    for (const name of ['holdfast-sensor-loader', 'sources.sha256']) renameSync(join(work, name), join(build, name))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function buildObject(work, source) {
  const name = basename(source, '.bpf.c')
  const object = join(work, `${name}.bpf.o`)
  const flags = ['-target', 'bpf', '-mcpu=v3', '-g', '-O2', '-D__TARGET_ARCH_x86', '-Wall', '-Werror']
  run('clang', [...flags, `-I${work}`, `-I${join(here, 'bpf')}`, '-c', source, '-o', object])
  // Only the debugging sections go: BTF, which CO-RE needs, stays.
  run('llvm-strip', ['-g', object])
  const skeletonName = `${name.replaceAll('-', '_')}_bpf`
  writeFileSync(join(work, `${name}.skel.h`), run('bpftool', ['gen', 'skeleton', object, 'name', skeletonName]))
}

function buildLoader(work) {
  const flags = ['-std=gnu11', '-D_GNU_SOURCE', '-O2', '-static', '-Wall', '-Wextra', '-Werror', '-Wno-sign-compare']
  const includes = [work, join(here, 'bpf'), join(here, 'loader')].map((folder) => `-I${folder}`)
  const output = ['-o', join(work, 'holdfast-sensor-loader'), '-lbpf', '-lelf', '-lz', '-s']
  run('gcc', [...flags, ...includes, ...sources('loader', '.c'), ...output])
}

function sources(folder, suffix) {
  return readdirSync(join(here, folder))
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(here, folder, name))
}

function fingerprint() {
  const hash = createHash('sha256')
  const files = [
    ...sources('bpf', '.c'),
    ...sources('bpf', '.h'),
    ...sources('loader', '.c'),
    ...sources('loader', '.h'),
  ]
  for (const file of [...files, join(here, 'build.js')]) hash.update(`${basename(file)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

function run(name, args) {
  const { status, stdout, stderr, error } = spawnSync(tool(name) ?? name, args, { maxBuffer: 64 * 1024 * 1024 })
  if (status === 0) return stdout
  throw new Error(`${name} failed: ${error?.message ?? stderr.toString().trim()}`)
}

function tool(name) {
  return FOUND_IN.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

function header(name) {
  return ['/usr/include', '/usr/include/x86_64-linux-gnu']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    buildSensor()
    console.log(loaderPath)
  } catch (error) {
    console.error(`holdfast: the kernel sensor is not built: ${error.message}`)
    process.exit(1)
  }
}
