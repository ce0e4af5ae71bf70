@main
struct EvaluationService {
    static func main() async throws {}
}
