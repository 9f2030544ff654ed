import { counted } from '@holdfast/model'
import type { ResponseMetricsWire } from './response-metrics-routes.ts'

/** One figure in words, as page and command line say it. `maturity` are the three that say how far an organisation is. */
export type ResponseFigure = {
  readonly figure: string
  readonly value: string
  /** Over how many cases. */
  readonly from: string
  readonly isMaturity: boolean
}

/** How well incidents are responded to; a figure over no case is `none yet`, never a number. */
export function responseFigures(metrics: ResponseMetricsWire): readonly ResponseFigure[] {
  const { classification, chainCompleteness, refinementApplied, stages, exposure } = metrics
  return [
    {
      figure: 'time to classification',
      value: spanText(classification.p50Ms, classification.p95Ms),
      from: `${counted(classification.classified, 'case')}, ${classification.open} open`,
      isMaturity: true,
    },
    {
      figure: 'complete chains sealed before the first action',
      ...rateText(chainCompleteness),
      isMaturity: true,
    },
    {
      figure: 'refinements applied that catch the replay earlier',
      ...rateText(refinementApplied),
      isMaturity: true,
    },
    { figure: 'of another type later', ...rateText(classification.reclassified), isMaturity: false },
    ...stages.map(({ stage, cases, p50Ms, p95Ms }) => ({
      figure: `graph to ${stage}`,
      value: spanText(p50Ms, p95Ms),
      from: counted(cases, 'case'),
      isMaturity: false,
    })),
    {
      figure: 'harmful acts until containment',
      value: exposure.cases === 0 ? 'none yet' : actsText(exposure.total),
      from: counted(exposure.cases, 'case'),
      isMaturity: false,
    },
  ]
}

/** The most is rounded up: so many there may have been. Sums of parts of acts differ from their whole by less than a millionth. */
function actsText({ least, most }: ResponseMetricsWire['exposure']['total']): string {
  const atMost = Math.ceil(most - 1e-6)
  return atMost <= least ? String(least) : `${least} to ${atMost}`
}

function rateText({
  of,
  from,
  share,
}: ResponseMetricsWire['chainCompleteness']): Pick<ResponseFigure, 'value' | 'from'> {
  // Rounded down: 100 % is said of all of them, and of nothing less.
  return {
    value: share === undefined ? 'none yet' : `${Math.floor(share * 100)} %`,
    from: `${of} of ${counted(from, 'case')}`,
  }
}

function spanText(p50: number | undefined, p95: number | undefined): string {
  return p50 === undefined || p95 === undefined ? 'none yet' : `p50 ${msText(p50)}, p95 ${msText(p95)}`
}

function msText(ms: number): string {
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}
