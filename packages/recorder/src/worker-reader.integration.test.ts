import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { Recorder } from './recorder.ts'
import { groupOf, scratchFolder, steadyClock } from './testing/groups.ts'

const READER = `
const { workerData, parentPort } = require('node:worker_threads')
import(workerData.module).then(({ LogReader }) => {
  const reader = LogReader.open({ folder: workerData.folder })
  let next = 0
  parentPort.postMessage('ready')
  parentPort.on('message', (target) => {
    while (next < target) for (const entry of reader.entries({ from: next })) {
      const text = Buffer.from(entry.body).toString()
      if (text !== 'body ' + entry.index) throw new Error('entry ' + entry.index + ' reads ' + text)
      next = entry.index + 1
    }
    parentPort.postMessage(next)
    reader[Symbol.dispose]()
    parentPort.close()
  })
})`

test('is read from a worker thread while it writes, without a lost or torn entry', async () => {
  using folder = scratchFolder()
  const limits = { walPages: 50, segmentEntries: 50 }
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits })
  const worker = new Worker(READER, {
    eval: true,
    execArgv: ['--conditions=@holdfast/source'],
    workerData: { folder: folder.path, module: new URL('log-reader.ts', import.meta.url).href },
  })
  await once(worker, 'message')
  const total = 4000
  const answer = once(worker, 'message')
  worker.postMessage(total)
  for (let at = 0; at < total; at += 40) {
    await recorder.append([groupOf(Array.from({ length: 40 }, (_, i) => `body ${at + i}`))])
  }
  expect(await answer).toEqual([total])
})
