/** The thread that writes submissions, made forgetful. */
import './forgetful.ts'
import '../src/store/sqlite/recording-thread.ts'
