/*
 * Where every `npm run` of this repository begins. Plain JavaScript for any Node from 18 on, because what it sets up
 * brings the Node that everything else runs on: it installs what is missing, says so, and hands over to tasks/main.ts.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSensor, isBuilt, missingPackages } from './sensor/build.js'
import { installProgress, packagesFor } from './tasks/install-progress.js'

const root = dirname(fileURLToPath(import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node')

/** Debian packages of the tests by what needs them; nothing that runs needs one. */
const TEST_PACKAGES = [
  { name: 'chromium', file: '/usr/bin/chromium', use: 'the browser tests' },
  { name: 'strace', file: '/usr/bin/strace', use: 'the disk tests' },
  { name: 'runc', file: '/usr/sbin/runc', use: 'the tests of seccomp profiles' },
  { name: 'crun', file: '/usr/bin/crun', use: 'the tests of seccomp profiles' },
  { name: 'iproute2', file: '/sbin/ip', use: 'the tests between two networks' },
  { name: 'openssl', file: '/usr/bin/openssl', use: 'the tests over TLS' },
  { name: 'curl', file: '/usr/bin/curl', use: 'the tests of recorded incidents' },
  { name: 'python3', file: '/usr/bin/python3', use: 'the tests of archives' },
  { name: 'zsh', file: '/usr/bin/zsh', use: 'the tests of completion' },
  { name: 'fish', file: '/usr/bin/fish', use: 'the tests of completion' },
]

/** How long npm may be quiet before it is said how far it is. */
const PROGRESS_MS = 5_000

const [command = '', ...args] = process.argv.slice(2)
await installDependencies()
const isTest = command === 'test' || command === 'test-long'
if (isTest) installDebianPackages(TEST_PACKAGES.filter(({ file }) => !existsSync(file)))
const isHelp = args.includes('--help') || args.includes('-h')
if (isTest || (command === 'start' && !isHelp)) prepareSensor()
run()

/** Makes node_modules what package-lock.json says. */
async function installDependencies() {
  const wrong = wrongPackages()
  if (wrong === undefined) return
  say(`installing what package-lock.json lists (${wrong}): npm ci`)
  // Our own Node lies in the folder that npm is about to replace: npm must run on the one outside. The log level is
  // given, because `npm test --silent` would hand its own down, and a failure would come without its reason.
  const outside = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== bin)
  // Its spinner would be drawn into the lines that say how far it is.
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, PATH: outside.join(delimiter) },
    shell: process.platform === 'win32',
  })
  const listed = readPackages(join(root, 'package-lock.json')) ?? {}
  const howFar = installProgress({ root, paths: packagesFor(listed, thisMachine()) })
  // It says nothing of its own while it downloads, which on a fresh machine takes minutes.
  const progress = setInterval(() => say(`npm ci: ${howFar()}`), PROGRESS_MS)
  const status = await new Promise((resolve) => npm.on('error', resolve).on('close', resolve))
  clearInterval(progress)
  const still = wrongPackages()
  if (status === 0 && still === undefined) return
  say(`npm ci did not install everything (${still ?? `it ended with ${status}`}); its own lines above say why`)
  process.exit(1)
}

function thisMachine() {
  const isLinux = process.platform === 'linux'
  const libc = process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
  return { os: process.platform, cpu: process.arch, libc: isLinux ? libc : undefined }
}

/** Undefined where everything is installed, else a word on what is not. */
function wrongPackages() {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return 'nothing is installed yet'
  const wrong = Object.entries(wanted ?? {}).filter(([path, { version, link, optional, devOptional }]) => {
    if (!path.includes('node_modules/') || link || optional || devOptional) return false
    return installed[path]?.version !== version
  })
  if (wrong.length > 0)
    return `${wrong.length} packages differ, such as ${wrong[0][0].replace(/^.*node_modules\//, '')}`
  const { status } = spawnSync(node, ['--version'], { shell: process.platform === 'win32' })
  return status === 0 ? undefined : 'its Node does not run'
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    // Absent or half written: the same as nothing installed.
    return undefined
  }
}

/**
 * Builds the kernel sensor where its sources changed, installing first what the build needs. Without it everything else
 * works, and says what it cannot see.
 */
function prepareSensor() {
  if (process.platform !== 'linux' || isBuilt()) return
  const use = 'the kernel sensor'
  installDebianPackages(missingPackages().map((name) => ({ name, use })))
  const missing = missingPackages()
  if (missing.length > 0) {
    say(`the kernel sensor is not built, ${missing.join(' ')} missing. Everything else works`)
    return
  }
  say('building the kernel sensor ...')
  const begun = performance.now()
  try {
    buildSensor()
    say(`building the kernel sensor: ok, ${Math.round((performance.now() - begun) / 1_000)} s`)
  } catch (error) {
    say(
      `the kernel sensor is not built: ${error.message}. Everything else works; holdfast doctor says what is not seen`,
    )
  }
}

/** As root on Debian installs what is missing; elsewhere, and where HOLDFAST_NO_INSTALL is 1, says what to install. */
function installDebianPackages(missing) {
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name)
  const uses = [...new Set(missing.map(({ use }) => use))]
  const needed = uses
    .map((use) => `${missing.flatMap((need) => (need.use === use ? [need.name] : [])).join(' ')} for ${use}`)
    .join(', ')
  const isOff = process.env.HOLDFAST_NO_INSTALL === '1'
  if (isOff || !existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    say(`missing: ${needed}. As root on Debian: apt-get install ${names.join(' ')}`)
    return
  }
  say(`installing ${needed}: apt-get install ${names.join(' ')} (HOLDFAST_NO_INSTALL=1 turns this off)`)
  const options = {
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  spawnSync('apt-get', ['update', '-q'], options)
  const { status } = spawnSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], options)
  if (status !== 0) say(`apt-get install ended with ${status}; what needs them will say so`)
}

/** Hands over to the tasks, on the Node of node_modules. */
function run() {
  const program = [
    '--disable-warning=ExperimentalWarning',
    '--conditions=@holdfast/source',
    join(root, 'tasks', 'main.ts'),
  ]
  const child = spawn(node, [...program, command, ...args], {
    cwd: root,
    // A task that goes on sees by the end of the channel that this process was killed; a shell between the two would hold it.
    stdio: process.platform === 'win32' ? 'inherit' : ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-compile'),
    },
    shell: process.platform === 'win32',
  })
  // This one waits for the other, which has things to close. A terminal sends Ctrl-C to both, and whoever signals this process
  // alone means both as well: what is told twice to end ends once.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

function say(line) {
  process.stderr.write(`holdfast: ${line}\n`)
}
