extension ConfidentialityTable {
    /// Table E.1-1, groups 0000 to 0017: attribute, action of the Basic Profile, options that keep it, name.
    static let groupsTo0017 = """
        00001000 X      -  Affected SOP Instance UID
        00001001 U      -  Requested SOP Instance UID
        00020003 U      -  Media Storage SOP Instance UID
        00041511 U      -  Referenced SOP Instance UID in File
        00080012 X/D    t  Instance Creation Date
        00080013 X/Z/D  t  Instance Creation Time
        00080014 U      -  Instance Creator UID
        00080015 X      t  Instance Coercion DateTime
        00080017 U      -  Acquisition UID
        00080018 U      -  SOP Instance UID
        00080019 U      -  Pyramid UID
        00080020 Z      t  Study Date
        00080021 X/D    t  Series Date
        00080022 X/Z    t  Acquisition Date
        00080023 Z/D    t  Content Date
        00080024 X      t  Overlay Date
        00080025 X      t  Curve Date
        0008002a X/Z/D  t  Acquisition DateTime
        00080030 Z      t  Study Time
        00080031 X/D    t  Series Time
        00080032 X/Z    t  Acquisition Time
        00080033 Z/D    t  Content Time
        00080034 X      t  Overlay Time
        00080035 X      t  Curve Time
        00080050 Z      -  Accession Number
        00080054 X      -  Retrieve AE Title
        00080055 X      -  Station AE Title
        00080058 U      -  Failed SOP Instance UID List
        00080080 X/Z/D  -  Institution Name
        00080081 X      -  Institution Address
        00080082 X/Z/D  -  Institution Code Sequence
        00080090 Z      -  Referring Physician's Name
        00080092 X      -  Referring Physician's Address
        00080094 X      -  Referring Physician's Telephone Numbers
        00080096 X      -  Referring Physician Identification Sequence
        0008009c Z      -  Consulting Physician's Name
        0008009d X      -  Consulting Physician Identification Sequence
        00080106 D      t  Context Group Version
        00080107 D      t  Context Group Local Version
        00080201 X      t  Timezone Offset From UTC
        00081000 X      -  Network ID
        00081010 X/Z/D  d  Station Name
        00081030 X      -  Study Description
        0008103e X      -  Series Description
        00081040 X      -  Institutional Department Name
        00081041 X      -  Institutional Department Type Code Sequence
        00081048 X      -  Physician(s) of Record
        00081049 X      -  Physician(s) of Record Identification Sequence
        00081050 X      -  Performing Physician's Name
        00081052 X      -  Performing Physician Identification Sequence
        00081060 X      -  Name of Physician(s) Reading Study
        00081062 X      -  Physician(s) Reading Study Identification Sequence
        00081070 X/Z/D  -  Operators' Name
        00081072 X/D    -  Operator Identification Sequence
        00081080 X      -  Admitting Diagnoses Description
        00081084 X      -  Admitting Diagnoses Code Sequence
        00081088 X      -  Pyramid Description
        00081110 X/Z    -  Referenced Study Sequence
        00081111 X/Z/D  -  Referenced Performed Procedure Step Sequence
        00081120 X      -  Referenced Patient Sequence
        00081140 X/Z/U* -  Referenced Image Sequence
        00081155 U      -  Referenced SOP Instance UID
        00081195 U      -  Transaction UID
        00081301 X      -  Principal Diagnosis Code Sequence
        00081302 X      -  Primary Diagnosis Code Sequence
        00081303 X      -  Secondary Diagnoses Code Sequence
        00081304 X      -  Histological Diagnoses Code Sequence
        00082111 X      -  Derivation Description
        00082112 X/Z/U* -  Source Image Sequence
        00083010 U      -  Irradiation Event UID
        00084000 X      -  Identifying Comments
        00100010 Z      -  Patient's Name
        00100011 X      -  Person Names to Use Sequence
        00100012 X      -  Name to Use
        00100013 X      -  Name to Use Comment
        00100014 X      -  Third Person Pronouns Sequence
        00100015 X      -  Pronoun Code Sequence
        00100016 X      -  Pronoun Comment
        00100020 Z/D    -  Patient ID
        00100021 X      -  Issuer of Patient ID
        00100030 Z      -  Patient's Birth Date
        00100032 X      -  Patient's Birth Time
        00100040 Z      p  Patient's Sex
        00100041 X      -  Gender Identity Sequence
        00100042 X      -  Sex Parameters for Clinical Use Category Comment
        00100043 X      -  Sex Parameters for Clinical Use Category Sequence
        00100044 X      -  Gender Identity Code Sequence
        00100045 X      -  Gender Identity Comment
        00100046 X      -  Sex Parameters for Clinical Use Category Code Sequence
        00100047 X      -  Sex Parameters for Clinical Use Category Reference
        00100050 X      -  Patient's Insurance Plan Code Sequence
        00100101 X      -  Patient's Primary Language Code Sequence
        00100102 X      -  Patient's Primary Language Modifier Code Sequence
        00101000 X      -  Other Patient IDs
        00101001 X      -  Other Patient Names
        00101002 X      -  Other Patient IDs Sequence
        00101005 X      -  Patient's Birth Name
        00101010 X      p  Patient's Age
        00101020 X      p  Patient's Size
        00101030 X      p  Patient's Weight
        00101040 X      -  Patient's Address
        00101050 X      -  Insurance Plan Identification
        00101060 X      -  Patient's Mother's Birth Name
        00101080 X      -  Military Rank
        00101081 X      -  Branch of Service
        00101090 X      -  Medical Record Locator
        00101100 X      -  Referenced Patient Photo Sequence
        00102000 X      -  Medical Alerts
        00102110 X      -  Allergies
        00102150 X      -  Country of Residence
        00102152 X      -  Region of Residence
        00102154 X      -  Patient's Telephone Numbers
        00102155 X      -  Patient's Telecom Information
        00102160 X      p  Ethnic Group
        00102161 X      -  Ethnic Group Code Sequence
        00102162 X      -  Ethnic Groups
        00102180 X      -  Occupation
        001021a0 X      p  Smoking Status
        001021b0 X      -  Additional Patient History
        001021c0 X      p  Pregnancy Status
        001021d0 X      t  Last Menstrual Date
        001021f0 X      -  Patient's Religious Preference
        00102203 X/Z    p  Patient's Sex Neutered
        00102297 X      -  Responsible Person
        00102299 X      -  Responsible Organization
        00104000 X      -  Patient Comments
        00120010 D      -  Clinical Trial Sponsor Name
        00120020 D      -  Clinical Trial Protocol ID
        00120021 Z      -  Clinical Trial Protocol Name
        00120022 X      -  Issuer of Clinical Trial Protocol ID
        00120023 X      -  Other Clinical Trial Protocol IDs Sequence
        00120030 Z      -  Clinical Trial Site ID
        00120031 Z      -  Clinical Trial Site Name
        00120032 X      -  Issuer of Clinical Trial Site ID
        00120040 D      -  Clinical Trial Subject ID
        00120041 X      -  Issuer of Clinical Trial Subject ID
        00120042 D      -  Clinical Trial Subject Reading ID
        00120043 X      -  Issuer of Clinical Trial Subject Reading ID
        00120050 Z      -  Clinical Trial Time Point ID
        00120051 X      -  Clinical Trial Time Point Description
        00120055 X      -  Issuer of Clinical Trial Time Point ID
        00120060 Z      -  Clinical Trial Coordinating Center Name
        00120071 X      -  Clinical Trial Series ID
        00120072 X      -  Clinical Trial Series Description
        00120073 X      -  Issuer of Clinical Trial Series ID
        00120081 D      -  Clinical Trial Protocol Ethics Committee Name
        00120082 X      -  Clinical Trial Protocol Ethics Committee Approval Number
        00120086 X      t  Ethics Committee Approval Effectiveness Start Date
        00120087 X      t  Ethics Committee Approval Effectiveness End Date
        0014407c X      dt Calibration Time
        0014407e X      dt Calibration Date
        0016002b X      -  Maker Note
        0016004b X      -  Device Setting Description
        0016004d X      -  Camera Owner Name
        0016004e X      d  Lens Specification
        0016004f X      d  Lens Make
        00160050 X      d  Lens Model
        00160051 X      d  Lens Serial Number
        00160070 X      -  GPS Version ID
        00160071 X      -  GPS Latitude Ref
        00160072 X      -  GPS Latitude
        00160073 X      -  GPS Longitude Ref
        00160074 X      -  GPS Longitude
        00160075 X      -  GPS Altitude Ref
        00160076 X      -  GPS Altitude
        00160077 X      -  GPS Time Stamp
        00160078 X      -  GPS Satellites
        00160079 X      -  GPS Status
        0016007a X      -  GPS Measure Mode
        0016007b X      -  GPS DOP
        0016007c X      -  GPS Speed Ref
        0016007d X      -  GPS Speed
        0016007e X      -  GPS Track Ref
        0016007f X      -  GPS Track
        00160080 X      -  GPS Img Direction Ref
        00160081 X      -  GPS Img Direction
        00160082 X      -  GPS Map Datum
        00160083 X      -  GPS Dest Latitude Ref
        00160084 X      -  GPS Dest Latitude
        00160085 X      -  GPS Dest Longitude Ref
        00160086 X      -  GPS Dest Longitude
        00160087 X      -  GPS Dest Bearing Ref
        00160088 X      -  GPS Dest Bearing
        00160089 X      -  GPS Dest Distance Ref
        0016008a X      -  GPS Dest Distance
        0016008b X      -  GPS Processing Method
        0016008c X      -  GPS Area Information
        0016008d X      t  GPS Date Stamp
        0016008e X      -  GPS Differential
        """
}
