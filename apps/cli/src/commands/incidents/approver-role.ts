import type { DataFlags, OutputFlags } from '../../flags.ts'
import type { ReportFormat } from '../../render/formats.ts'

const ROLES = ['analyst', 'on-call', 'service-owner', 'ai-engineering', 'compliance'] as const

export type ApproveFlags = DataFlags & OutputFlags<ReportFormat> & { readonly role?: (typeof ROLES)[number] }

/** As whom somebody says yes to a plan. */
export const approverRole = {
  kind: 'enum',
  values: ROLES,
  optional: true,
  brief: 'As whom; every role that the plan asks for and you have, unless told',
  placeholder: 'ROLE',
} as const
