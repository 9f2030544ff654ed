/** Work that is done step by step: between two of them its caller may do something else, and whether it does changes no result. */
export type StepsOfWork<T> = Generator<undefined, T, undefined>

/** Does all of it in one go. */
export function finished<T>(steps: StepsOfWork<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
