import { afterEach, expect, test } from 'vitest'

import { activeSpan } from '../register/active-span.ts'
import { followMastra } from './follow-mastra.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'

afterEach(() => followMastra(() => undefined))

test('the span that Mastra says is the active one, by the id that it is exported with', () => {
  followMastra(() => ({ id: '1111111111111111', traceId: TRACE }))
  expect(activeSpan()).toMatchObject({ traceId: TRACE, spanId: '1111111111111111' })
  followMastra(() => ({ id: '1111111111111111', traceId: TRACE, getExportedSpanId: () => '2222222222222222' }))
  expect(activeSpan()).toMatchObject({ traceId: TRACE, spanId: '2222222222222222' })
})

test('a span that is not exported, an id that OTLP has not, and an error name nothing', () => {
  followMastra(() => ({ id: '1111111111111111', traceId: TRACE, getExportedSpanId: () => undefined }))
  expect(activeSpan()).toBeUndefined()
  followMastra(() => ({ id: 'no id', traceId: TRACE }))
  expect(activeSpan()).toBeUndefined()
  followMastra(() => {
    throw new Error('half-loaded')
  })
  expect(activeSpan()).toBeUndefined()
})
