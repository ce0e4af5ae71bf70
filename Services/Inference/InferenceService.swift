@main
struct InferenceService {
    static func main() async throws {}
}
