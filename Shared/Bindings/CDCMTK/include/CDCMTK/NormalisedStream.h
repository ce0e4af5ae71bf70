// A dataset written anew as the standard wants it: for DCMTK, which believes lengths and descends by recursion, and for other nodes.
#ifndef COLUMNA_CDCMTK_NORMALISEDSTREAM_H
#define COLUMNA_CDCMTK_NORMALISEDSTREAM_H

#include "CDCMTK/Walk.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cdcmtk {

/// Bytes that are made, and between them ranges of a source, which stay there. Constant once written; may be read by several threads.
class NormalisedStream {
  public:
    void append(const void *bytes, std::size_t count);
    void appendRange(std::uint64_t offset, std::uint64_t count);

    std::uint64_t size() const { return total; }
    /// Of those within the stream, as many as are there.
    std::size_t read(const ByteSource &source, std::uint64_t offset, void *target, std::size_t count) const;
    /// All that was made, if it is without ranges.
    std::vector<std::uint8_t> &made() { return literals; }

  private:
    struct Piece {
        std::uint64_t start;
        /// In the source, or among the bytes made.
        std::uint64_t place;
        bool isMade;
    };
    Piece &piece(bool isMade, std::uint64_t place);
    std::vector<Piece> pieces;
    std::vector<std::uint8_t> literals;
    std::uint64_t total = 0;
};

/// Writes what a walk finds in explicit representations, with one for every element, sequences and items of undefined length with
/// their ends, values and fragments of even length, and without group lengths. Pixels with a fragment of odd length get one fragment a
/// frame and no offset tables: padding inside a frame would break its codestream, and behind one it moves what the tables point at. Where
/// nobody can tell which fragments are a frame's, they stay as they are.
class Normaliser : public Visitor {
  public:
    /// - isBigEndian: of the result; values keep the order they have in a dataset of that order.
    /// - longestCopy: longer values become ranges of the source.
    Normaliser(const ByteSource &source, bool isBigEndian, std::uint32_t longestCopy) : source(source), window(source), isBigEndian(isBigEndian), longestCopy(longestCopy) {}

    void element(const Element &element) override;
    void fragments(const Element &element, const Fragments &fragments) override;
    void beginSequence(const Element &element) override;
    void endSequence() override;
    void beginItem() override;
    void endItem() override;

    NormalisedStream stream;
    /// Whether the pixels of the dataset itself are encapsulated.
    bool hasFragments = false;

  private:
    void count();
    void number(std::uint32_t value, std::size_t size);
    void head(Tag tag, const char *representation, std::uint32_t length);
    void delimiter(Tag tag, std::uint32_t length);
    void value(const Element &element, const char *representation);
    void write(const Element &element);
    void writeAboutFragments();
    std::optional<std::size_t> frameCount(const Element &element, const char *representation);
    std::vector<std::size_t> startsOfFrames(const Fragments &found) const;
    void fragment(std::vector<Fragment>::const_iterator first, std::vector<Fragment>::const_iterator last, bool isPadded);

    const ByteSource &source;
    Window window;
    bool isBigEndian;
    std::uint32_t longestCopy;
    std::size_t depth = 0, elements = 0;
    /// Nothing where the dataset says something that is no count.
    std::optional<std::size_t> frames = 1;
    bool isSigned = false;
    /// The extended offset table and the total length, until it is known whether they stay true; without pixels behind them they say nothing.
    std::vector<Element> aboutFragments;
};

}  // namespace cdcmtk

#endif
