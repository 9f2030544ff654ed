import { Recorder } from '@holdfast/recorder'
import { groupOf, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyConsistency } from './consistency.ts'

test('proves every pair of checkpoints of a growing log, and no other log', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const checkpoints = [await recorder.signCheckpoint()]
  for (let i = 0; i < 12; i++) {
    await recorder.append([groupOf(Array.from({ length: i * 3 + 1 }, (_, n) => `${i}/${n}`))])
    checkpoints.push(await recorder.signCheckpoint())
  }
  const key = recorder.publicKey()
  for (const [i, older] of checkpoints.entries()) {
    for (const newer of checkpoints.slice(i)) {
      const proof = recorder.consistencyProof(older.size, newer.size).map((hash) => hash.toString('base64'))
      const notes = { older: older.note, newer: newer.note }
      expect(verifyConsistency(notes, proof, key).problems, `${older.size} to ${newer.size}`).toEqual([])
      if (proof.length === 0) continue
      const swapped = [proof.at(-1) ?? '', ...proof.slice(0, -1)]
      expect(verifyConsistency(notes, proof.slice(1), key).ok).toBe(false)
      if (proof.length > 1) expect(verifyConsistency(notes, swapped, key).ok).toBe(false)
    }
  }
  const [first, second] = [checkpoints[3], checkpoints[5]]
  if (first === undefined || second === undefined) throw new Error('thirteen were made')
  expect(verifyConsistency({ older: second.note, newer: first.note }, [], key).ok).toBe(false)
})
