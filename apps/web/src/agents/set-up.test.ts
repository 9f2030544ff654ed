import { expect, test } from 'vitest'
import { environment } from './set-up.ts'

test('who opts into the newest conventions says where content goes, for there `true` captures nothing', () => {
  const set = new Map(
    environment('http://127.0.0.1:4318')
      .split('\n')
      .map((line) => line.replace(/^export /, '').split('=') as [string, string]),
  ) // every line is `export NAME=value`
  expect(set.get('OTEL_SEMCONV_STABILITY_OPT_IN')).toBe('gen_ai_latest_experimental')
  expect(['SPAN_ONLY', 'EVENT_ONLY', 'SPAN_AND_EVENT']).toContain(
    set.get('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'),
  )
})
