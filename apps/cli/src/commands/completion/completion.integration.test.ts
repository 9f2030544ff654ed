import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { cli } from '../../testing/run.ts'
import { CLI_PROGRAM, sendRecording, startTestServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-completion-'))
  server = await startTestServer()
  await sendRecording(server, 'otel-genai/001.traces.pb')
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const words = async (...line: readonly string[]) =>
  (await cli(['completion', 'words', '--', ...line], { env: server.env, cwd: folder })).stdout
    .split('\n')
    .filter(Boolean)

test('commands, flags and the values of a flag are proposed', async () => {
  expect(await words('inc')).toEqual(['incidents'])
  expect(await words('incidents', 'sh')).toEqual(['show'])
  expect(await words('agents', '--js')).toEqual(['--json'])
  expect(await words('agents', '-o', 'nd')).toEqual(['ndjson'])
  expect(await words('nothing-of-ours', '')).toEqual([])
  expect(await words('drift', 'wa')).toEqual(['watch'])
  expect(await words('policy', 'rollout', 'st')).toEqual(['status', 'start'])
  expect(await words('policy', 'list', 'st')).toEqual([])
})

test('an agent is proposed by what was typed of its name, and nothing where no server answers', async () => {
  const { stdout } = await vi.waitFor(
    async () => {
      const listed = await cli(['agents', '--json'], { env: server.env, cwd: folder })
      expect(JSON.parse(listed.stdout)).not.toEqual([])
      return listed
    },
    { timeout: 60_000, interval: 200 },
  )
  const [{ name = '' } = {}] = JSON.parse(stdout) as readonly { readonly name?: string }[] // docs/cli.md
  expect(await words('bom', 'show', name.slice(0, 4))).toContain(name)
  expect(await words('drift', name.slice(0, 4))).toContain(name)
  const nowhere = await cli(['completion', 'words', '--', 'bom', 'show', name.slice(0, 4)], { cwd: folder })
  expect(nowhere).toMatchObject({ code: 0, stdout: '' })
})

test('bash completes a line with what the script asks the command for', async () => {
  const program = programIn(folder)
  const { stdout: script } = await cli(['completion', 'bash'])
  const line = 'incidents plan'
  const { stdout } = await promisify(execFile)('bash', [
    '--norc',
    '-c',
    `${script}\nCOMP_LINE='${program} ${line}'; COMP_POINT=\${#COMP_LINE}; _holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ])
  expect(stdout.trim().split('\n')).toEqual(['plan', 'plans'])
})

test.skipIf(shellLacks('fish'))(`fish completes a line${skipReason('fish')}`, async () => {
  programIn(folder)
  const { stdout: script } = await cli(['completion', 'fish'])
  const asked = ['incidents plan', 'agents -o nd'].map((line) => `complete -C 'holdfast ${line}'`)
  const { stdout } = await promisify(execFile)('fish', ['--no-config', '-c', [script, ...asked].join('\n')], {
    env: shellEnvironment(),
  })
  expect(stdout.trim().split('\n')).toEqual(['plan', 'plans', 'ndjson'])
})

describe.skipIf(shellLacks('zsh'))(`zsh${skipReason('zsh')}`, () => {
  test.each([
    ['found among the functions', 'fpath=($FUNCTIONS $fpath); compinit -u -d $DUMP'],
    ['read by hand', 'compinit -u -d $DUMP; source $FUNCTIONS/_holdfast'],
  ])('completes a line at the first TAB with the script %s', async (_, setUp) => {
    programIn(folder)
    const functions = mkdtempSync(join(folder, 'zsh-'))
    writeFileSync(join(functions, '_holdfast'), (await cli(['completion', 'zsh'])).stdout)
    // A shell of its own on a terminal of its own, as somebody types in it; it ends with what types.
    const typed = `zmodload zsh/zpty
      zpty inner zsh -f -i
      zpty -w inner 'PS1=; autoload -Uz compinit; ${setUp}; print REA""DY'
      zpty -r -m inner line '*READY*'
      zpty -n -w inner $'holdfast incidents classi\\t'
      zpty -r -m inner line '*classify*'
      print -r -- completed
      zpty -d inner`
    const { stdout } = await promisify(execFile)('zsh', ['-f', '-c', typed], {
      env: { ...shellEnvironment(), FUNCTIONS: functions, DUMP: join(functions, 'dump'), TERM: 'xterm' },
      timeout: 120_000,
    })
    expect(stdout).toBe('completed\n')
  })
})

/** The command under its name, in a folder that a shell is told to look in. */
function programIn(bin: string): string {
  const program = join(bin, 'holdfast')
  const words = [process.execPath, ...CLI_PROGRAM].map((word) => `'${word}'`).join(' ')
  writeFileSync(program, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 })
  return program
}

function shellEnvironment(): Record<string, string> {
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder }
}

function shellLacks(name: string): boolean {
  return spawnSync(name, ['--version']).status !== 0
}

function skipReason(name: string): string {
  return shellLacks(name) ? ` (skipped: ${name} is not installed)` : ''
}
