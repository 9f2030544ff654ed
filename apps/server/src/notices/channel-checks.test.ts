import { expect, test, vi } from 'vitest'
import { channelChecks } from './channel-checks.ts'
import { NotingChannel, noticeWith, openDesk } from './testing/desk.ts'

test('a channel whose newest try failed is a failed check with what to do, until one arrives', async () => {
  const channel = new NotingChannel('soc')
  channel.answers.push({ status: 'retry', code: 503, detail: 'answered 503' })
  await using desk = await openDesk([channel])
  const checks = () => channelChecks({ notices: desk.outbox })
  expect(checks()).toMatchObject([{ status: 'PASS', detail: '0 delivered, 0 waiting, 0 given up' }])
  await desk.outbox.tell(noticeWith())
  await vi.waitFor(() => expect(checks()).toMatchObject([{ status: 'FAIL' }]), { timeout: 60_000 })
  expect(checks()[0]).toMatchObject({
    id: 'channel soc',
    remedy: expect.stringContaining('connectors test soc') as string,
  })
  desk.time.move(6_000)
  await vi.waitFor(() => expect(checks()).toMatchObject([{ status: 'PASS' }]), { timeout: 60_000 })
})
