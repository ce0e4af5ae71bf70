@main
struct TrainingService {
    static func main() async throws {}
}
