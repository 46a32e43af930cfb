/** Milliseconds of processor that this thread spent on something: other work on the machine does not count. */
export function cpuOf(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/**
 * Watches how long this thread's loop is held by one turn, in milliseconds of processor: a clock on the wall would count what
 * else the machine does. What is less than a tick (5 ms) is not told apart. Work of the attack itself goes between
 * `pause` and the call of what it gives.
 */
export function watchLoop(): { longest(): number; pause(): () => void; stop(): void } {
  let longest = 0
  let last = process.threadCpuUsage()
  const look = () => {
    const { user, system } = process.threadCpuUsage(last)
    longest = Math.max(longest, (user + system) / 1000)
    last = process.threadCpuUsage()
  }
  const timer = setInterval(look, 5)
  return {
    longest: () => longest,
    pause() {
      look()
      return () => {
        last = process.threadCpuUsage()
      }
    },
    stop: () => clearInterval(timer),
  }
}
