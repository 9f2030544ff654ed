import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

import { activeSpan, traceparentOf } from './active-span.ts'
import type { SpanName } from './active-span.ts'

/**
 * Puts the active span's trace context into the environment of every child process, in TRACEPARENT and TRACESTATE
 * (https://opentelemetry.io/docs/specs/otel/context/env-carriers/). A context that the caller put there itself, other
 * than `inherited` from this process's own start, stays.
 */
export function passContextOn(inherited: string | undefined): void {
  wrapSpawn(inherited)
  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) wrapSync(name, inherited)
  // `import { spawnSync } from 'node:child_process'` reads a copy of the exports, which this makes anew.
  syncBuiltinESMExports()
}

/** `spawn`, `exec`, `execFile` and `fork` all end here, with their arguments checked and the environment as a list. */
function wrapSpawn(inherited: string | undefined): void {
  const prototype: unknown = childProcess.ChildProcess.prototype
  const original: unknown = Reflect.get(Object(prototype), 'spawn')
  if (typeof original !== 'function') return
  const spawn = function (this: unknown, ...args: unknown[]): unknown {
    try {
      const options = args[0]
      const pairs: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'envPairs') : []
      const span = activeSpan()
      if (Array.isArray(pairs) && span !== undefined) carryInPairs(pairs, span, inherited)
    } catch {
      // The child starts without a context of its own, as it would have without us.
    }
    return Reflect.apply(original, this, args)
  }
  replace(Object(prototype), 'spawn', spawn, original)
}

function carryInPairs(pairs: unknown[], span: SpanName, inherited: string | undefined): void {
  const at = (name: string): number =>
    pairs.findIndex((pair) => typeof pair === 'string' && pair.startsWith(`${name}=`))
  const own = pairs[at('TRACEPARENT')]
  if (own !== undefined && own !== `TRACEPARENT=${inherited ?? ''}`) return
  for (const name of ['TRACEPARENT', 'TRACESTATE']) {
    const known = at(name)
    if (known !== -1) pairs.splice(known, 1)
  }
  pairs.push(`TRACEPARENT=${traceparentOf(span)}`)
  if (span.traceState !== undefined) pairs.push(`TRACESTATE=${span.traceState}`)
}

type SyncName = 'spawnSync' | 'execSync' | 'execFileSync'

/**
 * The synchronous forms have no such place. Where options name an environment, a copy of the options names a copy of it;
 * where they do not, the process's own environment says it for the length of the call, in which no other code runs.
 */
function wrapSync(name: SyncName, inherited: string | undefined): void {
  const original: unknown = childProcess[name]
  if (typeof original !== 'function') return
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const span = activeSpan()
    if (span === undefined) return Reflect.apply(original, this, args)
    const at = optionsAt(name, args)
    const options = args[at]
    const env: unknown = isObject(options) ? Reflect.get(options, 'env') : undefined
    if (isObject(options) && isObject(env) && env !== process.env) {
      const copy = args.with(at, withEnvironment(options, carryInCopy(env, span, inherited)))
      return Reflect.apply(original, this, copy)
    }
    return inOwnEnvironment(span, inherited, () => Reflect.apply(original, this, args))
  }
  replace(childProcess, name, wrapped, original)
}

/** Where the options stand: after the arguments where those are a list or left out. */
function optionsAt(name: SyncName, args: readonly unknown[]): number {
  if (name === 'execSync') return 1
  return args[1] === undefined || args[1] === null || Array.isArray(args[1]) ? 2 : 1
}

function withEnvironment(options: object, env: object): object {
  return Object.assign(Object.create(Object.getPrototypeOf(options) as object | null) as object, options, { env })
}

/** Inherited names too: Node reads the environment with `for in`. */
function carryInCopy(env: object, span: SpanName, inherited: string | undefined): object {
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const key in env) copy[key] = Reflect.get(env, key)
  const own = copy['TRACEPARENT']
  if (own !== undefined && own !== inherited) return copy
  copy['TRACEPARENT'] = traceparentOf(span)
  copy['TRACESTATE'] = span.traceState
  return copy
}

function inOwnEnvironment(span: SpanName, inherited: string | undefined, run: () => unknown): unknown {
  const { TRACEPARENT: parent, TRACESTATE: state } = process.env
  if (parent !== undefined && parent !== inherited) return run()
  try {
    setOwn('TRACEPARENT', traceparentOf(span))
    setOwn('TRACESTATE', span.traceState)
    return run()
  } finally {
    setOwn('TRACEPARENT', parent)
    setOwn('TRACESTATE', state)
  }
}

function setOwn(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** The wrapper looks like what it wraps: same name, same count of parameters. */
export function replace(holder: object, name: string, wrapped: object, original: object): void {
  for (const property of ['name', 'length']) {
    const known = Object.getOwnPropertyDescriptor(original, property)
    if (known !== undefined) Object.defineProperty(wrapped, property, known)
  }
  const known = Object.getOwnPropertyDescriptor(holder, name)
  Object.defineProperty(holder, name, { ...known, value: wrapped })
}
