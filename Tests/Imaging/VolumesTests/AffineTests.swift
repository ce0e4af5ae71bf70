import Foundation
import Testing
import Volumes

@Suite struct AffineTests {
    private let oblique = Affine(rows: [
        [-0.8374928371167297, -0.2893894881696965, 0.23861079612032213, 31.5],
        [-0.3048224641216426, 0.7274091881179466, 1.0161182273881622, -12.25],
        [-0.12525579086405889, 0.16471064682791764, -4.068239009196039, 140],
    ])

    @Test func spacingIsTheLengthOfEachAxis() {
        for (own, expected) in zip(oblique.spacingInMillimetres, [0.9, 0.8, 4.2]) {
            #expect(abs(own - expected) < 1e-12)
        }
        #expect(abs(abs(oblique.determinant) - 0.9 * 0.8 * 4.2) < 1e-12)
    }

    @Test func inverseUndoesTheMap() {
        let there = oblique.applied(to: [3, 17, 9])
        let back = oblique.inverse.applied(to: there)
        for axis in 0..<3 { #expect(abs(back[axis] - SIMD3<Double>(3, 17, 9)[axis]) < 1e-12) }
        let product = oblique * oblique.inverse
        for row in 0..<4 {
            for column in 0..<4 { #expect(abs(product[row, column] - (row == column ? 1 : 0)) < 1e-12) }
        }
    }

    @Test func productAppliesTheRightHandSideFirst() {
        let shift = Affine(spacingInMillimetres: [1, 1, 1], origin: [5, 6, 7])
        let scale = Affine(spacingInMillimetres: [2, 3, 4])
        #expect((scale * shift).applied(to: .zero) == [10, 18, 28])
        #expect((shift * scale).applied(to: [1, 1, 1]) == [7, 9, 11])
    }

    @Test func flatAndZeroAxesAreNotInvertible() {
        #expect(oblique.isInvertible)
        #expect(!Affine(spacingInMillimetres: [1, 0, 1]).isInvertible)
        #expect(!Affine(columns: [[1, 0, 0], [0, 1, 0], [1, 1, 0]], origin: .zero).isInvertible)
        #expect(!Affine(spacingInMillimetres: [1, .nan, 1]).isInvertible)
    }

    @Test func storedAsFourRows() throws {
        let data = try JSONEncoder().encode(oblique)
        #expect(try JSONDecoder().decode([[Double]].self, from: data).count == 4)
        #expect(try JSONDecoder().decode(Affine.self, from: data) == oblique)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Affine.self, from: Data("[[1,2],[3,4]]".utf8)) }
    }

    @Test func gridsAreTheSameWithinATenthOfAMicrometreOfTolerance() {
        let grid = Geometry(size: [100, 90, 80], affine: oblique)
        var moved = grid
        moved.affine[0, 3] += 0.0009
        #expect(grid.isSameGrid(as: moved))
        moved.affine[0, 3] += 0.0003
        #expect(!grid.isSameGrid(as: moved))
        #expect(grid.isSameGrid(as: moved, toleranceInMillimetres: 0.01))
        // A slightly wrong spacing is invisible at the origin and adds up towards the far corner.
        var stretched = grid
        stretched.affine[2, 2] *= 1.00001
        #expect(!grid.isSameGrid(as: stretched))
        #expect(!grid.isSameGrid(as: Geometry(size: [100, 90, 81], affine: oblique)))
    }

    @Test func storedGridsAreCheckedWhenTheyAreRead() throws {
        let grid = Geometry(size: [3, 4, 5], affine: oblique)
        #expect(try JSONDecoder().decode(Geometry.self, from: JSONEncoder().encode(grid)) == grid)
        for size in ["[3,4]", "[3,0,5]", "[3,-4,5]"] {
            let text = #"{"size":\#(size),"affine":[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]}"#
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Geometry.self, from: Data(text.utf8)) }
        }
    }

    @Test func gridsDescribeThemselves() {
        let grid = Geometry(
            size: [122, 101, 112], affine: Affine(spacingInMillimetres: [3, 3, 3], origin: [-177.956, 11.5, 94]))
        #expect(grid.description == "122×101×112 at 3×3×3 mm, RAS, first voxel at (-177.956, 11.5, 94)")
    }
}
