import { hash } from 'node:crypto'
import {
  enableCompileCache,
  findPackageJSON,
  flushCompileCache,
  getCompileCacheDir,
  registerHooks,
  stripTypeScriptTypes,
  type LoadHookSync,
  type ResolveHookSync,
} from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ModulePack, savePack, stampOf, type PackedModule, type Target } from './module-pack.ts'

const NODE_MODULES = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules')
/** Only who could change our code anyway can write here. */
const OWN_CACHE = join(NODE_MODULES, '.cache', 'node-compile')
/** Checkouts that share a cache must not take turns at writing one file. */
const CHECKOUT = hash('sha256', import.meta.url).slice(0, 8)
const FLUSH_AFTER_MS = 5_000

/**
 * Runs `load`, which imports a program, and gives what it gives. Of the CPU time of a start most went into finding a thousand
 * modules: where each import leads, which package.json has a say, what the text is without its types. So all that is kept in a
 * file beside Node's cache of compiled code, and each module taken from there whose file is the same. Where that folder cannot be
 * written, modules are loaded as ever.
 */
export async function loadPacked<T>(name: string, load: () => Promise<T>): Promise<T> {
  enableCompileCache(process.env['HOLDFAST_COMPILE_CACHE'] ?? process.env['NODE_COMPILE_CACHE'] ?? OWN_CACHE)
  const folder = getCompileCacheDir()
  if (folder === undefined) return await load()
  const path = join(folder, `${name}-${CHECKOUT}.modules`)
  using pack = ModulePack.open(path)
  const run = new PackedRun(pack)
  const hooks = registerHooks(run)
  let loaded: T
  try {
    loaded = await load()
  } finally {
    hooks.deregister()
  }
  if (run.isNew) {
    try {
      savePack(path, run.packed())
    } catch {
      // A full disk, a folder that cannot be written: the next start takes as long as this one.
    }
    // Not only at its end, which a process that is killed does not have; and with what was compiled to start.
    setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref()
  }
  return loaded
}

/** The modules of one start: taken from the pack where it has them, noted for the next one where not. */
class PackedRun {
  readonly #pack: ModulePack | undefined
  readonly #modules = new Map<string, PackedModule & { readonly imports: Map<string, Target> }>()
  #conditions: string | undefined
  isNew = false

  constructor(pack: ModulePack | undefined) {
    this.#pack = pack
    this.#conditions = pack?.conditions
  }

  readonly resolve: ResolveHookSync = (specifier, context, next) => {
    const { parentURL, conditions } = context
    if (specifier.startsWith('node:')) return { url: specifier, format: 'builtin', shortCircuit: true }
    // Of others, CommonJS among them, nothing is kept.
    const from = parentURL === undefined ? undefined : this.#modules.get(parentURL)
    const under = conditions.join(' ')
    if (from === undefined || under !== (this.#conditions ??= under) || !isPlain(context))
      return next(specifier, context)
    const known = from.imports.get(specifier)
    if (known !== undefined) return { url: known.url, format: known.format ?? null, shortCircuit: true }
    const found = next(specifier, context)
    from.imports.set(specifier, { url: found.url, format: found.format ?? undefined })
    this.isNew = true
    return found
  }

  readonly load: LoadHookSync = (url, context, next) => {
    const { format } = context
    if ((format !== 'module' && format !== 'module-typescript') || !url.startsWith('file:') || !isPlain(context))
      return next(url, context)
    const stamp = stampOf(fileURLToPath(url))
    const known = this.#pack?.read(url, stamp)
    if (known !== undefined) {
      this.#modules.set(url, { ...known, imports: new Map(known.imports) })
      return { format: 'module', source: known.source, shortCircuit: true }
    }
    const found = next(url, context)
    const source = plainSource(found)
    if (source === undefined) return found
    this.#modules.set(url, { stamp, source, imports: new Map() })
    this.isNew = true
    return { format: 'module', source, shortCircuit: true }
  }

  packed(): Parameters<typeof savePack>[1] {
    const deciders = new Set([join(NODE_MODULES, '.package-lock.json')])
    const folders = new Set<string>()
    for (const [url, { imports }] of this.#modules)
      for (const target of [{ url }, ...imports.values()])
        if (target.url.startsWith('file:')) folders.add(dirname(target.url))
    for (const folder of folders) {
      const decider = findPackageJSON(`${folder}/`)
      if (decider !== undefined) deciders.add(decider)
    }
    return { conditions: this.#conditions ?? '', deciders: [...deciders], modules: this.#modules }
  }
}

/** Undefined where Node is to read it itself, and to say what is wrong with it. */
function plainSource({ format, source }: ReturnType<LoadHookSync>): string | undefined {
  if (source === undefined || source === null) return undefined
  const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString()
  if (format === 'module') return text
  if (format !== 'module-typescript') return undefined
  try {
    return stripTypeScriptTypes(text)
  } catch {
    return undefined
  }
}

/** False as well for what CommonJS loads, which has none to give. */
function isPlain({ importAttributes }: { readonly importAttributes?: object }): boolean {
  return importAttributes !== undefined && Object.keys(importAttributes).length === 0
}
