import { AsyncLocalStorage } from 'node:async_hooks'
import * as childProcess from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { text } from 'node:stream/consumers'

import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { Context } from '@opentelemetry/api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { passContextOn } from './child-processes.ts'

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
const OURS = `00-${SPAN.traceId}-${SPAN.spanId}-01`
const INHERITED = '00-11111111111111111111111111111111-2222222222222222-01'
const SCRIPT = 'console.log(process.env.TRACEPARENT ?? "none", process.env.OWN ?? "none")'
const SHELL = 'echo ${TRACEPARENT:-none} ${OWN:-none}'

const plain = { spawnSync: childProcess.spawnSync, execFileSync: childProcess.execFileSync }
const contexts = new AsyncLocalStorage<Context>()

beforeAll(() => {
  process.env['TRACEPARENT'] = INHERITED
  const manager = {
    active: () => contexts.getStore() ?? ROOT_CONTEXT,
    with: <A extends unknown[], F extends (...args: A) => ReturnType<F>>(
      at: Context,
      run: F,
      self?: ThisParameterType<F>,
      ...args: A
    ): ReturnType<F> => contexts.run(at, () => Reflect.apply(run, self, args) as ReturnType<F>), // of F itself
    bind: <T>(_at: Context, target: T): T => target,
    enable() {
      return this
    },
    disable() {
      return this
    },
  }
  context.setGlobalContextManager(manager)
  passContextOn(INHERITED)
})

afterAll(() => context.disable())

function inSpan<T>(run: () => T): T {
  return contexts.run(trace.setSpanContext(ROOT_CONTEXT, SPAN), run)
}

async function saidBy(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the child has no output')
  return (await text(child.stdout)).trim()
}

const asynchronous: readonly (readonly [string, () => ChildProcess])[] = [
  ['spawn', () => childProcess.spawn('sh', ['-c', SHELL])],
  ['spawn with options', () => childProcess.spawn('sh', ['-c', SHELL], { env: { PATH: process.env['PATH'] } })],
  ['exec', () => childProcess.exec(SHELL)],
  ['execFile', () => childProcess.execFile('sh', ['-c', SHELL], { encoding: 'utf8' })],
  ['fork', () => childProcess.fork('argument', [], { execArgv: ['-e', SCRIPT], silent: true })],
]

test.each(asynchronous)('%s: the child is told the active span', async (_name, start) => {
  expect(await saidBy(inSpan(start))).toBe(`${OURS} none`)
})

test('outside of any span a child inherits what there was', async () => {
  expect(await saidBy(childProcess.spawn('sh', ['-c', SHELL]))).toBe(`${INHERITED} none`)
  expect(childProcess.execSync(SHELL, { encoding: 'utf8' }).trim()).toBe(`${INHERITED} none`)
})

test('a context that the caller chose stays', async () => {
  const env = { PATH: process.env['PATH'], TRACEPARENT: 'chosen' }
  expect(await saidBy(inSpan(() => childProcess.spawn('sh', ['-c', SHELL], { env })))).toBe('chosen none')
  expect(inSpan(() => childProcess.execSync(SHELL, { env, encoding: 'utf8' })).trim()).toBe('chosen none')
})

test('interleaved spans each tell their own children', async () => {
  const spans = Array.from({ length: 8 }, (_, at) => ({ ...SPAN, spanId: `b7ad6b716920333${at}` }))
  const said = await Promise.all(
    spans.map((span) =>
      contexts.run(trace.setSpanContext(ROOT_CONTEXT, span), async () => {
        await new Promise(setImmediate)
        return saidBy(childProcess.spawn('sh', ['-c', SHELL]))
      }),
    ),
  )
  expect(said).toEqual(spans.map(({ spanId }) => `00-${SPAN.traceId}-${spanId}-01 none`))
})

test('the synchronous forms tell it in every form of their arguments, and leave those alone', () => {
  const options = fc.record({ env: fc.constantFrom(undefined, 'own', 'inherited') })
  fc.assert(
    fc.property(fc.constantFrom('spawnSync', 'execFileSync', 'execSync'), options, (name, { env }) => {
      const own = env === undefined ? undefined : { PATH: process.env['PATH'], OWN: 'x' }
      const given = {
        encoding: 'utf8' as const,
        ...(own === undefined ? {} : { env: env === 'own' ? own : (Object.create(own) as typeof own) }), // the same names
      }
      const before = JSON.stringify([given, process.env])
      const said = inSpan(() => {
        if (name === 'execSync') return childProcess.execSync(SHELL, given)
        if (name === 'execFileSync') return childProcess.execFileSync('sh', ['-c', SHELL], given)
        return childProcess.spawnSync('sh', ['-c', SHELL], given).stdout
      })
      expect(said.trim()).toBe(`${OURS} ${env === undefined ? 'none' : 'x'}`)
      expect(JSON.stringify([given, process.env])).toBe(before)
    }),
    { numRuns: 20 },
  )
})

test('whatever is passed, the result or the error is that of Node', () => {
  const odd = fc.constantFrom<unknown>(undefined, null, [], {}, ['-c', 'exit 3'], 7, 'text', { cwd: 7 }, () => 1)
  fc.assert(
    fc.property(fc.constantFrom('spawnSync', 'execFileSync'), odd, odd, (name, second, third) => {
      const outcome = (run: (...args: never[]) => unknown): unknown => {
        try {
          const result: unknown = Reflect.apply(run, childProcess, ['false', second, third])
          // Two processes have two ids.
          return typeof result === 'object' ? { ...result, pid: 0 } : result
        } catch (error) {
          return error instanceof Error ? `${error.name} ${error.message}` : String(error)
        }
      }
      expect(inSpan(() => outcome(childProcess[name]))).toEqual(outcome(plain[name]))
    }),
    { numRuns: 60 },
  )
})

test('the wrappers look like what they wrap', () => {
  expect(childProcess.spawnSync).not.toBe(plain.spawnSync)
  expect([childProcess.spawnSync.name, childProcess.spawnSync.length]).toEqual([
    plain.spawnSync.name,
    plain.spawnSync.length,
  ])
})
