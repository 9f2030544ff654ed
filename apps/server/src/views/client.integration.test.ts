import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Recorder } from '@holdfast/recorder'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import { ViewsClient } from './client.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-views-client-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('who asks while the projections end, and after, is told that the server ends, and not that they broke', async () => {
  const broken: string[] = []
  await using _ = await Recorder.open({ folder, clock: wallClock })
  const views = await ViewsClient.start({
    folder,
    rules: [],
    onRules: () => undefined,
    onBroken: (message) => broken.push(message),
  })
  const ended = views[Symbol.asyncDispose]()
  const during = views.rebuild()
  await expect(during).rejects.toMatchObject({ status: 503, isEnding: true })
  await ended
  await expect(views.rebuild()).rejects.toMatchObject({ status: 503, isEnding: true })
  expect([broken, views.isBroken]).toEqual([[], false])
})
