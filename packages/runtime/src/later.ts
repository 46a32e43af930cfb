/** What comes after the pages, in one file of its own: it comes while the first answers are typed. */
import { checkScreen } from './check-screen.ts'
import { confirmationScreen } from './confirmation-screen.ts'
import { documentsScreen } from './documents-screen.ts'
import { checkStep, documentsStep, type Step } from './journey.ts'
import { startScreen } from './start-screen.ts'
import { type Screen, sentStep, type Visit } from './visit.ts'
import './more-styles.ts'

export { noteStarted } from './note-started.ts'
export { sendFile } from './send-file.ts'
export { sendSubmission } from './send-submission.ts'
export { takeFile } from './take-file.ts'

/** Services that ask for something to come along, or have a task list, need it with the first page; the others never. */
export async function useTrust(visit: Visit) {
  if (visit.view.definition.taskList) (await import('./tasks.ts')).useTasks()
  if (visit.view.asks) await (await import('./trust.ts')).useTrust(visit)
}

const screens: Readonly<Record<Step, (visit: Visit) => Screen | Promise<Screen>>> = {
  [documentsStep]: documentsScreen,
  [checkStep]: checkScreen,
  [sentStep]: confirmationScreen,
  '#tasks': async (visit) => (await import('./task-screen.ts')).taskScreen(visit),
}

/** The screen of a step that is no page; the start for one that there is not. */
export const laterScreen = (step: Step, visit: Visit) => (screens[step] ?? startScreen)(visit)
