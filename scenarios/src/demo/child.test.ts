import { expect, test } from 'vitest'
import { Child } from './child.ts'

test('once a run was asked to end no process of it begins', () => {
  const signal = AbortSignal.abort(new Error('stopped by SIGINT'))
  expect(() => new Child({ program: 'demo/no-such-program.ts', env: {}, signal })).toThrow('stopped by SIGINT')
})
