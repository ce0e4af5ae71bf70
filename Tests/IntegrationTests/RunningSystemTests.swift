import Testing

/// Everything that needs the whole system; one test at a time, because all share its workers.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: RunningSystem.isPossible, "needs postgresql-15, rabbitmq-server and the built executables"))
enum RunningSystemTests {}
