import { expect, test } from 'vitest'
import { ROOT_COMMANDS } from './command-table.ts'

test.each(Object.entries(ROOT_COMMANDS))(
  'the help of all commands says of %s what its own says',
  async (_, { brief, load }) => {
    expect((await load()).brief).toBe(brief)
  },
)
