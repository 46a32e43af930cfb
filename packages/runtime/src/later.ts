/** What comes after the pages, in one file of its own: it comes while the first answers are typed. */
export { checkScreen } from './check-screen.ts'
export { confirmationScreen } from './confirmation-screen.ts'
export { documentsScreen } from './documents-screen.ts'
export { noteStarted } from './note-started.ts'
export { sendSubmission } from './send-submission.ts'
