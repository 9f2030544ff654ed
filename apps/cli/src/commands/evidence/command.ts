import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, keyFlag } from '../../flags.ts'
import {
  LIST_FORMATS,
  type ListFormat,
  REPORT_FORMATS,
  type ReportFormat,
  VERDICT_FORMATS,
  type VerdictFormat,
} from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

const executionArgument = textArgument(
  'ID',
  'Conversation, trace or incident, its full id or a prefix that no other has',
)

export type EvidenceStatusFlags = DataFlags & OutputFlags<ListFormat>

const statusCommand = buildCommand<EvidenceStatusFlags, [string], CliContext>({
  loader: async () => (await import('./status.ts')).evidenceStatus,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'six artifacts and the completeness') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [executionArgument] },
  },
  docs: documentation(
    'The six forensic artifacts of a conversation or an incident: what is there, what is missing, and why',
    [
      ['4bf92f35', 'the checklist, with the setting that would capture what is missing'],
      ['inc-4bf92f3577b34da6', 'those of an incident, over all its conversations'],
      ['4bf92f35 --json | jq .completeness', 'one figure from 0 to 1'],
    ],
  ),
})

export type EvidenceExportFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly out?: string; readonly redact?: readonly string[]; readonly force: boolean }

const exportCommand = buildCommand<EvidenceExportFlags, [string], CliContext>({
  loader: async () => (await import('./export.ts')).evidenceExport,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'where the bundle lies, with its digest'),
      out: { kind: 'parsed', parse: String, optional: true, brief: 'File to write', placeholder: 'PATH' },
      redact: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'Hide the values of this field; may be given more than once, and end in *',
        placeholder: 'FIELD',
      },
      force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace a file that exists' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [executionArgument] },
  },
  docs: documentation(
    'Write an evidence bundle that verifies without Holdfast',
    [
      ['4bf92f35 --out case-12.zip', 'one zip with digests, proofs and a guide to checking them by hand'],
      ['4bf92f35 --redact user.email --redact gen_ai.input.messages', 'the rest is still proven, by the log'],
    ],
    'What is hidden stays in the log. Other fields may hold the same text: read the bundle before it leaves.',
  ),
})

export type EvidenceSealFlags = DataFlags & OutputFlags<ReportFormat>

const sealCommand = buildWritingCommand<EvidenceSealFlags, [string]>({
  loader: async () => (await import('./seal.ts')).evidenceSeal,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'size and root of the log, and the completeness') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [executionArgument] },
  },
  docs: documentation(
    'Fix the evidence as it is now, under a signed checkpoint of the log',
    [['inc-4bf92f3577b34da6', 'one more seal of its case, which the first one opens; capture goes on']],
    'Of an incident the seal is a step of its case, which must be open.',
  ),
})

const caFlag = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Certificates in PEM that you trust to date things: checks the stamp',
  placeholder: 'FILE',
} as const

export type EvidenceVerifyFlags = OutputFlags<VerdictFormat> & { readonly key?: string; readonly ca?: string }

const verifyCommand = buildCommand<EvidenceVerifyFlags, [string], CliContext>({
  loader: async () => (await import('./verify.ts')).evidenceVerify,
  parameters: {
    flags: bare({
      ...outputFlags(VERDICT_FORMATS, 'verdict, problems and facts'),
      key: keyFlag,
      ca: caFlag,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [textArgument('PATH', 'Bundle that evidence export wrote')] },
  },
  docs: documentation(
    'Check a bundle without a server: exit 0 where it is whole, 1 naming what is wrong',
    [
      ['case-12.zip', 'digests, leaves, proofs, checkpoint and signatures'],
      ['case-12.zip --key log.vkey', 'and that it was signed by the log you know'],
      ['case-12.zip --ca tsa-root.pem', 'and that the stamp beside it dates it, by an authority you trust'],
    ],
    'Without --key the key inside the bundle is used: that shows that nothing changed since it was signed, not who signed it.',
  ),
})

export type EvidenceStampFlags = OutputFlags<ReportFormat> & {
  readonly authority?: URL
  readonly ca?: string
  readonly force: boolean
}

const stampCommand = buildCommand<EvidenceStampFlags, [string], CliContext>({
  loader: async () => (await import('./stamp.ts')).evidenceStamp,
  parameters: {
    flags: bare({
      ...outputFlags(REPORT_FORMATS, 'digest, time, and whose word it is where that was checked'),
      authority: {
        kind: 'parsed',
        parse: parseAuthority,
        optional: true,
        brief: 'Time-stamp authority (RFC 3161) to ask; it learns the digest alone',
        placeholder: 'URL',
      },
      ca: caFlag,
      force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace a stamp that exists' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [textArgument('PATH', 'Bundle that evidence export wrote, or any file')] },
  },
  docs: documentation(
    'Have a time-stamp authority say when a bundle existed, and check what it said',
    [
      ['case-12.zip --authority https://tsa.example.com', 'keeps its answer as case-12.zip.tsr'],
      ['case-12.zip --ca tsa-root.pem', 'checks it without a network; ends with 1 where it does not hold'],
    ],
    'Holdfast signs its own checkpoints: they prove that nothing changed, and not to a stranger when. The stamp does.',
  ),
})

function parseAuthority(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new SyntaxError(`"${text}" is no http address`)
  return url
}

export const evidenceCommands = buildRouteMap<'status' | 'seal' | 'export' | 'stamp' | 'verify', CliContext>({
  routes: bare({
    status: statusCommand,
    seal: sealCommand,
    export: exportCommand,
    stamp: stampCommand,
    verify: verifyCommand,
  }),
  aliases: bare({}),
  docs: { brief: 'Forensic artifacts of a conversation or an incident: status, seal, export, stamp, verify' },
})
