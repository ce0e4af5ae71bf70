import Faults

/// What one tenant's objects lose at the border. The keys are those of a site's configuration:
///
///     profile: basic                     # or none
///     retain: [patient-characteristics, device]
///     dates: shift                       # or remove
///     uids: map                          # or keep
///     private: ["GEMS_PARM_01:0043,27"]  # creator, group, last two digits of the element
package struct DeIdentificationPolicy: Sendable, Hashable {
    package enum Profile: String, Sendable, CaseIterable, Codable {
        /// Objects stay as they are.
        case none
        /// PS3.15 Annex E, Basic Application Level Confidentiality Profile.
        case basic
    }

    package enum Retained: String, Sendable, CaseIterable, Codable {
        /// Retain Patient Characteristics Option: age, sex, size, weight and the like.
        case patientCharacteristics = "patient-characteristics"
        /// Retain Device Identity Option: serial numbers, station names and the like.
        case device
    }

    package enum Dates: String, Sendable, CaseIterable, Codable {
        /// Retain Longitudinal Temporal Information With Modified Dates Option: all dates of a patient earlier by the
        /// same secret number of days; times of day stay.
        case shift
        /// As the Basic Profile: no dates, no times.
        case remove
    }

    package enum Identifiers: String, Sendable, CaseIterable, Codable {
        /// As the Basic Profile: unique identifiers replaced consistently.
        case map
        /// Retain UIDs Option.
        case keep
    }

    package var profile: Profile
    package var retain: Set<Retained>
    package var dates: Dates
    package var uids: Identifiers
    /// Retain Safe Private Option, for these alone.
    package var `private`: [PrivateAttribute]

    package init(
        profile: Profile = .basic, retain: Set<Retained> = [], dates: Dates = .shift, uids: Identifiers = .map,
        private: [PrivateAttribute] = []
    ) {
        self.profile = profile
        self.retain = retain
        self.dates = dates
        self.uids = uids
        self.private = `private`
    }

    package static let none = DeIdentificationPolicy(profile: .none)
    package static let basic = DeIdentificationPolicy()
}

extension DeIdentificationPolicy: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case profile, retain, dates, uids, `private` }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// `profile` must be there, the rest has defaults; unknown keys are refused, since a misspelt wish would silently
    /// not be granted.
    package init(from decoder: any Decoder) throws {
        let known = CodingKeys.allCases.map(\.rawValue)
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw DeIdentificationError(
                .invalidPolicy,
                "a de-identification policy has the keys \(known.joined(separator: ", ")), got '\(key.stringValue)'")
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            profile: try container.decode(Profile.self, forKey: .profile),
            retain: Set(try container.decodeIfPresent([Retained].self, forKey: .retain) ?? []),
            dates: try container.decodeIfPresent(Dates.self, forKey: .dates) ?? .shift,
            uids: try container.decodeIfPresent(Identifiers.self, forKey: .uids) ?? .map,
            private: try container.decodeIfPresent([PrivateAttribute].self, forKey: .private) ?? [])
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(profile, forKey: .profile)
        try container.encode(retain.sorted { $0.rawValue < $1.rawValue }, forKey: .retain)
        try container.encode(dates, forKey: .dates)
        try container.encode(uids, forKey: .uids)
        try container.encode(`private`, forKey: .private)
    }
}
