import type { ResponseMetricsWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { formatOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { MetricsFlags } from './learn-commands.ts'

type Figure = { readonly figure: string; readonly value: string; readonly from: string }

/** Prints the figures of all cases. */
export async function incidentsMetrics(this: CliContext, flags: MetricsFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const metrics = await openApi(this, flags).call('getResponseMetrics', {})
  printList(this, { format, columns, rows: figuresOf(metrics), document: metrics })
}

function figuresOf(metrics: ResponseMetricsWire): readonly Figure[] {
  const { classification, chainCompleteness, refinementApplied, stages, exposure } = metrics
  return [
    {
      figure: 'time to classification',
      value: spanText(classification.p50Ms, classification.p95Ms),
      from: `${classification.classified} cases, ${classification.open} open`,
    },
    { figure: 'of another type later', ...rateText(classification.reclassified) },
    { figure: 'complete chains sealed before the first action', ...rateText(chainCompleteness) },
    { figure: 'refinements applied that catch the replay earlier', ...rateText(refinementApplied) },
    ...stages.map(({ stage, cases, p50Ms, p95Ms }) => ({
      figure: `graph to ${stage}`,
      value: spanText(p50Ms, p95Ms),
      from: `${cases} cases`,
    })),
    {
      figure: 'harmful acts until containment',
      value:
        exposure.total.least === exposure.total.most
          ? String(exposure.total.least)
          : `${exposure.total.least} to ${Math.round(exposure.total.most)}`,
      from: `${exposure.cases} cases`,
    },
  ]
}

function rateText({ of, from, share }: ResponseMetricsWire['chainCompleteness']): Pick<Figure, 'value' | 'from'> {
  return { value: share === undefined ? 'none yet' : share.toFixed(2), from: `${of} of ${from}` }
}

function spanText(p50: number | undefined, p95: number | undefined): string {
  return p50 === undefined || p95 === undefined ? 'none yet' : `p50 ${msText(p50)}, p95 ${msText(p95)}`
}

function msText(ms: number): string {
  return ms < 120_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : ms < 7_200_000
      ? `${Math.round(ms / 60_000)} min`
      : `${(ms / 3_600_000).toFixed(1)} h`
}

const columns: readonly Column<Figure>[] = [
  { title: 'FIGURE', value: ({ figure }) => figure },
  { title: 'VALUE', value: ({ value }) => value },
  { title: 'FROM', value: ({ from }) => from },
]
