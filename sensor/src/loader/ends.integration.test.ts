import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loaderPath, whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'

const here = test.skipIf(whyNoKernel() !== undefined)
let holds = ''

beforeEach(() => {
  holds = join('/run', `holdfast-test-${randomBytes(4).toString('hex')}`, 'bpf')
})
afterEach(() => {
  if (existsSync(holds)) execFileSync('/bin/umount', [holds])
  rmSync(join(holds, '..'), { recursive: true, force: true })
})

describe('no process of a loader is left', () => {
  here.each(['driver', 'loader', 'keeper', 'opener'] as const)('after its %s was killed', async (victim) => {
    const held = new TestCgroup()
    const governed = new TestCgroup()
    const script = fileURLToPath(new URL('../testing/held-loader.ts', import.meta.url))
    const driver = spawn(process.execPath, [script, loaderPath, holds, String(held.id), String(governed.id)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface(driver.stdout), 'line')) as [string]
    const [said, loader = ''] = line.split(' ')
    expect(said).toBe('ready')
    const victims = {
      driver: String(driver.pid),
      loader,
      keeper: named('holdfast-keeper'),
      opener: named('holdfast-opener'),
    }
    expect(victims[victim]).toMatch(/^[1-9]/)
    // What was held is gone long before its time is over: nobody is left to be held.
    await held[Symbol.asyncDispose]()
    await governed[Symbol.asyncDispose]()
    process.kill(Number(victims[victim]), 'SIGKILL')
    const ended = once(driver, 'exit')
    driver.kill('SIGTERM')
    await ended
    while (processes().length > 0) await delay(20)
    // A set without a keeper waits for the next loader, which finds nobody in it.
    if (victim !== 'keeper') expect(existsSync(join(holds, 'hold-3'))).toBe(false)
  })
})

here('while what is held lives, its keeper lives, and it goes when the cgroup does', async () => {
  const held = new TestCgroup()
  const governed = new TestCgroup()
  const script = fileURLToPath(new URL('../testing/held-loader.ts', import.meta.url))
  const driver = spawn(process.execPath, [script, loaderPath, holds, String(held.id), String(governed.id)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(createInterface(driver.stdout), 'line')
  const ended = once(driver, 'exit')
  driver.kill('SIGKILL')
  await ended
  while (processes().length > 1) await delay(20)
  expect(processes()).toEqual([named('holdfast-keeper')])
  await governed[Symbol.asyncDispose]()
  expect(processes()).toEqual([named('holdfast-keeper')])
  await held[Symbol.asyncDispose]()
  while (processes().length > 0) await delay(20)
  expect(existsSync(join(holds, 'hold-3'))).toBe(false)
})

/** Every process of the loader that was started with this folder. */
function processes(): readonly string[] {
  return readdirSync('/proc').filter(
    (pid) => /^[0-9]+$/.test(pid) && readOf(pid, 'cmdline').includes(`--holds\0${holds}`),
  )
}

function named(name: string): string {
  return processes().find((pid) => readOf(pid, 'comm').trim() === name) ?? ''
}

function readOf(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
