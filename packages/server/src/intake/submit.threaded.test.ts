import { onThread } from '../testing/on-thread.ts'

onThread(() => import('./submit.test.ts'))
