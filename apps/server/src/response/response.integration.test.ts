import { expect, test } from 'vitest'
import { Answering, mailStory } from './testing/answering.ts'
import { HoldService, HttpResponder } from './testing/hold-service.ts'

test('a live agent that does fast lasting harm is held without a person, where the policy lets it', async () => {
  await using service = await HoldService.start()
  await using answering = await Answering.start([new HttpResponder('desk', service, { cuts: ['close-channel'] })])
  await answering.policy({ automatic: 'reversible' })
  const agent = 'host:story/desk-1'
  await answering.state(agent, 'live', 'yes')
  await answering.state(agent, 'harm-reversible', 'no')
  await answering.happened(mailStory(1))
  await answering.incidents()
  await answering.settled()
  expect(answering.response.book.list()).toMatchObject([{ outcome: { state: 'confirmed' } }])
})
