import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const HOOK = fileURLToPath(new URL('../../python', import.meta.url))
const INHERITED = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`
const SPAN = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

/** As much of opentelemetry-api 1.x as an agent needs to have an active span. */
const STAND_IN = `
import contextvars
from contextlib import contextmanager
_span = contextvars.ContextVar('span')
class TraceFlags(int): pass
class SpanContext:
    trace_state = None
    def __init__(self, trace_id, span_id, is_remote, trace_flags):
        self.trace_id, self.span_id, self.trace_flags = trace_id, span_id, trace_flags
        self.is_valid = trace_id != 0 and span_id != 0
class NonRecordingSpan:
    def __init__(self, context): self._context = context
    def get_span_context(self): return self._context
def get_current_span(): return _span.get(NonRecordingSpan(SpanContext(0, 0, False, 0)))
@contextmanager
def use_span(span):
    token = _span.set(span)
    try: yield span
    finally: _span.reset(token)
`

/** An agent with \`in_span()\`; what it runs are shells that print the context that they were given. */
const PRELUDE = `
import os, sys, asyncio, subprocess, multiprocessing
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, use_span
SHELL = ['sh', '-c', 'echo $TRACEPARENT']
def in_span():
    return use_span(NonRecordingSpan(SpanContext(int('a' * 32, 16), int('b' * 16, 16), False, TraceFlags(1))))
def become(run):
    pid = os.fork()
    if pid == 0:
        run()
    os.waitpid(pid, 0)
def environment(): print(os.environ.get('TRACEPARENT'), flush=True)
async def by_asyncio():
    await (await asyncio.create_subprocess_exec(*SHELL)).wait()
def by_multiprocessing(method):
    child = multiprocessing.get_context(method).Process(target=subprocess.call, args=(SHELL,))
    child.start()
    child.join()
`

/** Ways to start a program, and what it has outside of a span, where that is not what the agent itself inherited. */
const WAYS: readonly (readonly [name: string, code: string, outside?: string])[] = [
  ['subprocess.run', 'subprocess.run(SHELL)'],
  ['a shell of subprocess', `subprocess.run(SHELL[2], shell=True)`],
  ['an environment of its own', `subprocess.run(SHELL, env={'PATH': os.environ['PATH']})`, ''],
  ['a copy of the environment', 'subprocess.run(SHELL, env=dict(os.environ))'],
  ['without closing files', 'subprocess.run(["/bin/sh"] + SHELL[1:], close_fds=False)'],
  ['os.system', 'os.system(SHELL[2])'],
  ['os.popen', 'print(os.popen(SHELL[2]).read(), end="")'],
  ['os.posix_spawn', `os.waitpid(os.posix_spawn('/bin/sh', SHELL, os.environ), 0)`],
  ['os.posix_spawnp', `os.waitpid(os.posix_spawnp('sh', SHELL, {'PATH': os.environ['PATH']}), 0)`, ''],
  ['os.execvp', `become(lambda: os.execvp('sh', SHELL))`],
  ['os.execve', `become(lambda: os.execve('/bin/sh', SHELL, {b'PATH': b'/bin'}))`, ''],
  ['os.spawnlp', `os.spawnlp(os.P_WAIT, 'sh', *SHELL)`],
  ['asyncio', 'asyncio.run(by_asyncio())'],
  ['a fork of multiprocessing', `by_multiprocessing('fork')`],
  ['a spawned child of multiprocessing', `by_multiprocessing('spawn')`],
]

let folder = ''
let real: string | undefined
let missing = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-python-'))
  place('stand-in/opentelemetry/__init__.py', '')
  place('stand-in/opentelemetry/trace/__init__.py', STAND_IN)
  try {
    execFileSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'])
  } catch {
    missing = 'there is no python3 of 3.8 or newer on PATH'
    return
  }
  try {
    execFileSync('python3', ['-c', 'import opentelemetry.trace'], { stdio: 'ignore' })
    real = process.env['PYTHONPATH'] ?? ''
  } catch {
    // Told where those cases are skipped.
  }
})
beforeEach(({ skip }) => skip(missing !== '', missing))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function place(path: string, text: string): string {
  const whole = join(folder, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, text)
  return dirname(whole)
}

type Program = {
  readonly code: string
  /** After the hook's own. */
  readonly paths: readonly string[]
  readonly flags?: readonly string[]
  readonly inherited?: string
}

async function python({ code, paths, flags = [], inherited = INHERITED }: Program) {
  // As a file: a spawned child of multiprocessing imports it again.
  const file = join(place('program/agent.py', code), 'agent.py')
  const env = {
    PATH: process.env['PATH'],
    PYTHONPATH: [HOOK, ...paths].filter((path) => path !== '').join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    TRACEPARENT: inherited,
  }
  const { stdout, stderr } = await promisify(execFile)('python3', [...flags, file], { env })
  return { lines: stdout.trim().split('\n'), stderr }
}

const main = (code: string): string => `${PRELUDE}\nif __name__ == '__main__':\n    ${code}\n`

describe.each([
  ['opentelemetry-api', (): string | undefined => real],
  ['what has its shape', (): string | undefined => join(folder, 'stand-in')],
] as const)('with %s', (name, path) => {
  const agent = async (code: string) => python({ code: main(code), paths: [path() ?? ''] })
  beforeEach(({ skip }) => skip(path() === undefined, `python3 has no ${name}`))

  test.each(WAYS)(
    '%s: what is started in a span has its context, and outside of it what was inherited',
    async (_, way, outside = INHERITED) => {
      const { lines, stderr } = await agent(`
    with in_span():
        ${way}
        environment()
    ${way}
    environment()`)
      expect([lines, stderr]).toEqual([[SPAN, INHERITED, outside, INHERITED], ''])
    },
  )

  test('a context that the program itself hands on stays', async () => {
    const own = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00`
    const { lines } = await agent(`
    with in_span():
        subprocess.run(SHELL, env=dict(os.environ, TRACEPARENT='${own}'))
        os.environ['TRACEPARENT'] = '${own}'
        subprocess.run(SHELL)
        os.system(SHELL[2])`)
    expect(lines).toEqual([own, own, own])
  })
})

test('a program without OpenTelemetry starts as it did: nothing is imported for it, and what cannot start fails as before', async () => {
  const { lines } = await python({
    code: `
import sys
print('subprocess' in sys.modules, 'opentelemetry' in sys.modules, any('sdk/python' in path for path in sys.path))
import os, subprocess
for start in (lambda: subprocess.run(['/nowhere/at-all']), lambda: os.execv('/nowhere/at-all', ['x']), lambda: os.posix_spawn('/bin/sh', ['sh'], 7)):
    try: start()
    except (OSError, TypeError) as error: print(type(error).__name__)`,
    paths: [],
  })
  expect(lines).toEqual(['False False False', 'FileNotFoundError', 'FileNotFoundError', 'TypeError'])
})

test('a sitecustomize of the user is loaded in its own name, and what goes wrong in it is told as without us', async () => {
  const own = place('own/sitecustomize.py', `print('own', __name__, __file__, flush=True)`)
  const { lines } = await python({ code: `import sys; print(sys.modules['sitecustomize'].__file__)`, paths: [own] })
  expect(lines).toEqual([`own sitecustomize ${own}/sitecustomize.py`, `${own}/sitecustomize.py`])
  const wrong = place('wrong/sitecustomize.py', 'import no_such_module')
  const { lines: still, stderr } = await python({ code: `print('it runs')`, paths: [wrong] })
  expect(still).toEqual(['it runs'])
  expect(stderr).toContain("No module named 'no_such_module'")
})

test('a launcher that puts a sitecustomize of its own first, as opentelemetry-instrument does, is loaded beside ours', async () => {
  const launched = place('launched/sitecustomize.py', `print('launched', flush=True)`)
  const code = `
import os, sys
if os.environ.get('LAUNCHED') is None:
    os.environ['LAUNCHED'] = '1'
    os.environ['PYTHONPATH'] = '${launched}:' + os.environ['PYTHONPATH']
    os.execl(sys.executable, sys.executable, __file__)
${main('')}    with in_span(): subprocess.run(SHELL)`
  const { lines } = await python({ code, paths: [join(folder, 'stand-in')] })
  expect(lines).toEqual(['launched', SPAN])
})

test('a Python that is told to look at no environment runs as it is', async () => {
  const { lines, stderr } = await python({ code: `print('alone')`, paths: [], flags: ['-I'] })
  expect([lines, stderr]).toEqual([['alone'], ''])
})
