import type { Answer } from '@holdfast/api'
import type { ViewQuestion, ViewQuestions } from '../views/messages.ts'
import { ViewError, type ViewsClient } from '../views/client.ts'

/** The worker's answer to a question; undefined where there is no such thing. */
export async function askView<N extends ViewQuestion>(
  views: Pick<ViewsClient, 'ask'>,
  question: N,
  args: ViewQuestions[N],
): Promise<Answer<N> | undefined> {
  try {
    return JSON.parse(await views.ask(question, args)) as Answer<N> // what the worker answers to this question
  } catch (error) {
    if (error instanceof ViewError && error.status === 404) return undefined
    throw error
  }
}
