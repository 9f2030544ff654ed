import { readFileSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

import { LOADED_DELAY_MS, MAX_LOADED_PACKAGES, MAX_LOADED_REPORT } from '../limits.ts'
import type { AttributeValue } from '../otlp/span.ts'

/** One package of the agent, as its module graph resolved it: what runs, whatever a lockfile says. */
export type LoadedPackage = { readonly name: string; readonly version: string; readonly path: string }

type Say = (eventName: string, attributes: ReadonlyMap<string, AttributeValue>) => void

/**
 * Tells which runtime and which packages the process has loaded, and each one that it loads later. Modules are seen as
 * they are resolved, by `import` and `require` alike; one that then fails to run is told as well. The hook changes nothing.
 */
export function watchPackages(say: Say): void {
  const { registerHooks } = module
  // Node before 22.15 has none: then nothing is told, and nothing is claimed.
  if (typeof registerHooks !== 'function') return
  const packages = new LoadedPackages(say)
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context)
      packages.note(resolved.url)
      return resolved
    },
  })
  process.on('beforeExit', () => packages.tell())
}

class LoadedPackages {
  readonly #say: Say
  readonly #known = new Set<string>()
  #waiting: string[] = []
  #timer: NodeJS.Timeout | undefined
  #hasToldRuntime = false

  constructor(say: Say) {
    this.#say = say
  }

  /** Called for every module: a package is looked at once. Never throws. */
  note(url: unknown): void {
    const folder = typeof url === 'string' ? packageFolder(url) : undefined
    if (folder === undefined || this.#known.has(folder) || this.#known.size >= MAX_LOADED_PACKAGES) return
    this.#known.add(folder)
    this.#waiting.push(folder)
    // Told together: one import of a framework loads a hundred packages.
    this.#timer ??= setTimeout(() => this.tell(), LOADED_DELAY_MS).unref()
  }

  tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const found = this.#waiting.splice(0).flatMap(readPackage)
    // The runtime stands with the first of them, and alone where there is none.
    let runtime: ReadonlyMap<string, AttributeValue> = this.#hasToldRuntime ? new Map() : runtimeFields()
    this.#hasToldRuntime = true
    for (let at = 0; at < found.length || runtime.size > 0; at += MAX_LOADED_REPORT) {
      const packages = found.slice(at, at + MAX_LOADED_REPORT).map((one) => JSON.stringify(one))
      this.#say('holdfast.loaded', new Map([...runtime, ['holdfast.loaded.packages', packages]]))
      runtime = new Map()
    }
  }
}

function runtimeFields(): ReadonlyMap<string, AttributeValue> {
  return new Map([
    ['process.runtime.name', 'node'],
    ['process.runtime.version', process.versions.node],
    ['process.executable.path', process.execPath],
  ])
}

/** The folder of the package that a module lies in; undefined for the agent's own files and for Node's. */
function packageFolder(url: string): string | undefined {
  const at = url.lastIndexOf('/node_modules/')
  if (!url.startsWith('file:') || at < 0) return undefined
  const from = at + '/node_modules/'.length
  const [first = '', second = ''] = url.slice(from).split('/', 2)
  return url.slice(0, from) + (first.startsWith('@') ? `${first}/${second}` : first)
}

function readPackage(folder: string): readonly LoadedPackage[] {
  try {
    const path = fileURLToPath(folder)
    const json: unknown = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'))
    const name: unknown = Reflect.get(Object(json), 'name')
    const version: unknown = Reflect.get(Object(json), 'version')
    return typeof name === 'string' && typeof version === 'string' ? [{ name, version, path }] : []
  } catch {
    // A folder without a manifest is no package.
    return []
  }
}
