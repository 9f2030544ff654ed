/** What is looked at in package-lock.json. */
export type LockedPackage = {
  readonly version?: string
  readonly resolved?: string
  readonly link?: true
  readonly dev?: true
  readonly optional?: true
  readonly engines?: Readonly<Record<string, string>>
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export type Packages = Readonly<Record<string, LockedPackage>>

/** An optional package that another one names and the lockfile does not list. */
export type Unlisted = { readonly name: string; readonly version: string; readonly isDev: boolean }

/**
 * Optional packages that are named and not listed. npm leaves out what it could not fetch, and npm 11 then refuses the
 * lockfile, so that a native binding for a platform nobody here has would keep everybody from installing.
 */
export function unlistedOptional(packages: Packages): readonly Unlisted[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies, dev }]) =>
    Object.entries(optionalDependencies ?? {})
      .filter(([name]) => !foldersAbove(path).some((folder) => packages[`${folder}node_modules/${name}`] !== undefined))
      .map(([name, version]) => ({ name, version, isDev: dev === true })),
  )
}

/**
 * The same packages, the optional ones without the versions of Node that they ask for. npm compares these with the Node that
 * runs npm, which on Debian 12 is 18, and silently leaves out a native binding that our own Node would load.
 */
export function withoutEngines(packages: Packages): Packages {
  return Object.fromEntries(
    Object.entries(packages).map(([path, entry]) => {
      const { engines: _, ...rest } = entry
      return [path, entry.optional === true ? rest : entry]
    }),
  )
}

/** Entries for the unlisted whose name says for which platform they are and whose version is exact. */
export function entriesFor(unlisted: readonly Unlisted[]): Packages {
  return Object.fromEntries(
    unlisted.flatMap(({ name, version, isDev }) => {
      const platform = platformOf(name)
      if (platform === undefined || !/^\d[\w.+-]*$/.test(version)) return []
      return [[`node_modules/${name}`, { version, ...(isDev ? { dev: true } : {}), optional: true, ...platform }]]
    }),
  )
}

/** Folders in which npm looks for what a package needs, innermost first; each ends with a slash or is empty. */
function foldersAbove(path: string): readonly string[] {
  const folders = path === '' ? [] : [`${path}/`]
  for (let at = path.lastIndexOf('node_modules/'); at >= 0; at = path.lastIndexOf('node_modules/', at - 1)) {
    folders.push(path.slice(0, at))
    if (at === 0) break
  }
  return folders.at(-1) === '' ? folders : [...folders, '']
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32']

/** `@scope/binding-linux-x64-musl` names its system, processor and C library. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split('/').at(-1)?.split('-') ?? []
  const os = SYSTEMS.find((system) => words.includes(system))
  const cpu = PROCESSORS.find((processor) => words.includes(processor))
  if (cpu === undefined || (os === undefined && cpu !== 'wasm32')) return undefined
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'
  const hasLibc = os === 'linux' && words.some((word) => /^(musl|gnu)/.test(word))
  return { cpu: [cpu], ...(os === undefined ? {} : { os: [os] }), ...(hasLibc ? { libc: [libc] } : {}) }
}
