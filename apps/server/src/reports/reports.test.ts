import { expect, test } from 'vitest'
import { ViewError } from '../views/client.ts'
import { Reports, type ReportSources } from './reports.ts'

function reportsThat(answer: () => string, record = async () => undefined): Reports {
  const sources = {
    views: { ask: async () => answer() },
    reveals: {
      during: async <T>({ read }: { readonly read: () => Promise<T> }) => {
        await record()
        return await read()
      },
    },
  }
  return new Reports(sources as unknown as ReportSources) // no other part is used for lenses
}

const totals = { acts: 1, records: 1, recipients: 0, unread: 0, cut: 0 }
const lenses = (acts: number) =>
  JSON.stringify({ lenses: { access: { totals }, stacks: { totals: { ...totals, acts } }, trajectory: { totals } } })

test('REG-4 lenses that do not count the same are handed to nobody, and a bundle says why it has none', async () => {
  const reports = reportsThat(() => lenses(2))
  await expect(reports.lenses('inc-1', 'ann')).rejects.toMatchObject({ status: 409 })
  expect(await reports.lensesOrWhyNot('inc-1', 'ann')).toEqual({
    incident: 'inc-1',
    leftOut: expect.stringContaining('left out, because the lenses do not count the same: acts'),
  })
})

test('a bundle has the lenses that agree, and goes without those that cannot be read', async () => {
  expect(await reportsThat(() => lenses(1)).lensesOrWhyNot('inc-1', 'ann')).toHaveProperty('lenses')
  const broken = reportsThat(() => {
    throw new ViewError(503, 'too much to read')
  })
  expect(await broken.lensesOrWhyNot('inc-1', 'ann')).toMatchObject({ leftOut: expect.stringContaining('too much') })
})

test('a reading that cannot be recorded is not gone on with', async () => {
  const reports = reportsThat(
    () => lenses(1),
    async () => {
      throw new Error('the disk is full')
    },
  )
  await expect(reports.lensesOrWhyNot('inc-1', 'ann')).rejects.toThrow('the disk is full')
})
