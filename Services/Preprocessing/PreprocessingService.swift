@main
struct PreprocessingService {
    static func main() async throws {}
}
