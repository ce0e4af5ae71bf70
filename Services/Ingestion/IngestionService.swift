@main
struct IngestionService {
    static func main() async throws {}
}
