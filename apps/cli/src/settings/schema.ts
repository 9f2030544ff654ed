import { z } from 'zod'
import { SETTINGS, type SettingName } from './table.ts'

/**
 * What a setting is in a document that is typed already, such as a file of settings or the values of a chart. Port 0, any that is
 * free, counts unless a least one is given.
 */
export function settingSchema(name: SettingName, leastPort = 0): z.ZodType<string | number | boolean> {
  const { kind, brief, isAddress = false } = SETTINGS[name]
  switch (kind) {
    case 'text':
    case 'path':
      return (isAddress ? z.string().regex(ADDRESS) : z.string().min(1)).describe(brief)
    case 'port':
      return z.int().min(leastPort).max(65_535).describe(brief)
    case 'switch':
      return z.boolean().describe(brief)
  }
}

/** The addresses that are meant, as they are written: with `http` or `https`, and without credentials. */
const ADDRESS = /^https?:\/\/[^\s@/?#]+([/?#]\S*)?$/
